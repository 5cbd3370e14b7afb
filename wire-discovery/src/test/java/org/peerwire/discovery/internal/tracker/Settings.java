/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.peerwire.discovery.internal.net.FakeNames;
import org.peerwire.discovery.internal.net.GuardedResolver;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Settings for tests: loopback is allowed, and {@code tracker} is the name of it. */
final class Settings {
    static final AddressResolverGroup<InetSocketAddress> NAMES = new FakeNames()
            .with("tracker", "127.0.0.1", "::1")
            .with("four", "127.0.0.1")
            .with("six", "::1")
            .with("inside", "127.0.0.1")
            .with("my_tracker", "127.0.0.1")
            .with("xn--bcher-kva", "127.0.0.1");

    private Settings() {}

    static TrackerSettings local() {
        return of(Schedulers.parallel(), true, false);
    }

    static TrackerSettings of(Scheduler clock, boolean allowLocal, boolean isStrangers) {
        return new TrackerSettings(
                clock,
                GuardedResolver.of(NAMES, allowLocal),
                null,
                allowLocal,
                isStrangers,
                Duration.ofSeconds(15),
                Duration.ofSeconds(30),
                Duration.ofSeconds(7_700),
                "Peerwire",
                UnaryOperator.identity());
    }
}
