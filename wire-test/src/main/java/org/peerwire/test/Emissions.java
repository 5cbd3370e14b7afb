/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitResult;

/** Emissions of a {@link FakeWire}, from any thread and from inside a signal. */
final class Emissions {

    private Emissions() {}

    /** Creates a sink whose subscribers each keep their own queue. */
    static <T> Sinks.Many<T> sink() {
        return Sinks.many().multicast().directBestEffort();
    }

    /** Repeats an attempt while another thread emits. */
    @SuppressWarnings("StatementWithEmptyBody") // a pause would count as a blocking call
    static void emit(Supplier<EmitResult> attempt) {
        while (attempt.get() == EmitResult.FAIL_NON_SERIALIZED) {}
    }

    /** Completes a sink, or fails it if there is a cause. */
    static void terminate(Sinks.Many<?> sink, @Nullable Throwable cause) {
        emit(() -> cause == null ? sink.tryEmitComplete() : sink.tryEmitError(cause));
    }
}
