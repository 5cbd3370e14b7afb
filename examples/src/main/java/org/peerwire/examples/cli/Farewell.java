/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.time.Duration;
import reactor.core.publisher.Mono;

/** Work that a command owes to others at its end, also if a signal ends it. */
final class Farewell {
    private static final Duration TIME = Duration.ofMillis(2_500);

    private final Mono<Void> work;
    private final Thread hook;

    /**
     * Creates a farewell that nothing triggers yet.
     *
     * @param work must not fail
     */
    Farewell(Mono<Void> work) {
        this.work = work.timeout(TIME, Mono.empty());
        this.hook = new Thread(this.work::block, "farewell");
    }

    /** Does the work at a signal from now on. */
    void begin() {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the signal has come before anybody knows us
        }
    }

    /** Does the work on subscription, unless a signal has come: then it is under way. */
    Mono<Void> say() {
        return Mono.defer(() -> {
            try {
                return Runtime.getRuntime().removeShutdownHook(hook) ? work : Mono.empty();
            } catch (IllegalStateException e) {
                return Mono.empty();
            }
        });
    }
}
