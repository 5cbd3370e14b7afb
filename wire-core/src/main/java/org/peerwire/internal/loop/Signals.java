/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.loop;

import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Signals to several subscribers that do not know each other. */
public final class Signals {
    private Signals() {}

    /**
     * Runs a step that signals subscribers. An exception of a subscriber goes to Reactor's hook for dropped errors, so
     * that it does not keep the steps after it from running.
     */
    public static void run(Runnable step) {
        try {
            step.run();
        } catch (Throwable t) {
            Exceptions.throwIfJvmFatal(t);
            Operators.onErrorDropped(t, Context.empty());
        }
    }
}
