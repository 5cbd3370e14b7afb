/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.server;

import java.util.function.Consumer;
import org.peerwire.PeerFault;
import org.peerwire.WireFailure;
import org.peerwire.WireServer;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * The log and the hook for failures. Errors of the application are bugs, and are logged as errors. Those of peers are
 * common, and a stranger must not fill the log: debug level.
 */
final class FailureReports {
    private final Logger log = Loggers.getLogger(WireServer.class);

    private final Consumer<? super WireFailure> hook;

    FailureReports(Consumer<? super WireFailure> hook) {
        this.hook = hook;
    }

    void report(WireFailure failure) {
        log(failure);
        try {
            hook.accept(failure);
        } catch (Throwable t) {
            log.error("The failure hook of a server has failed", t);
        }
    }

    private void log(WireFailure failure) {
        Throwable cause = failure.cause();
        boolean ofPeer = cause instanceof PeerFault;
        switch (failure.stage()) {
            case REFUSED, WIRE -> debug(failure);
            case OPENING, HANDLER -> {
                if (ofPeer) {
                    debug(failure);
                } else {
                    log.error(text(failure), cause);
                }
            }
            case ADMISSION -> {
                if (cause.getCause() != null) {
                    log.warn(text(failure), cause.getCause());
                } else {
                    debug(failure);
                }
            }
            case SOURCE -> {} // the wire that it served has logged it
        }
    }

    private void debug(WireFailure failure) {
        if (log.isDebugEnabled()) {
            log.debug(text(failure));
        }
    }

    private static String text(WireFailure failure) {
        String what =
                switch (failure.stage()) {
                    case REFUSED -> "A connection was refused";
                    case OPENING -> "A connection did not become a wire";
                    case ADMISSION -> "A peer was not admitted";
                    case HANDLER -> "The handler of a wire has failed";
                    case SOURCE -> "The block source of a wire has failed";
                    case WIRE -> "A wire has failed";
                };
        return what + ", from " + failure.remoteAddress() + ": "
                + failure.cause().getMessage();
    }
}
