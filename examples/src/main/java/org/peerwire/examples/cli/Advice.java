/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import org.peerwire.swarm.Reasons;
import org.peerwire.swarm.StoreException;
import org.peerwire.swarm.SwarmException;
import reactor.core.Exceptions;

/** Failures as one line that ends with what to do next, in the words of the command line. */
final class Advice {
    private Advice() {}

    /** Returns the reason of a failure, and the option that helps if there is one. */
    static String text(Throwable failure) {
        Throwable e = Exceptions.unwrap(failure);
        String text = Reasons.text(e);
        if (e instanceof SwarmException swarm) {
            return text + next(swarm.reason(), text);
        } else if (e instanceof StoreException store && store.reason() == StoreException.Reason.OCCUPIED) {
            return text.replace("move it away or overwrite it", "move it away, or use --overwrite");
        }
        return text;
    }

    private static String next(SwarmException.Reason reason, String text) {
        return switch (reason) {
            case NO_PEERS ->
                text.equals("no peers")
                        ? ": give one with --peer HOST:PORT, or a DHT node with --dht HOST:PORT"
                        : "; give another with --peer HOST:PORT, or a DHT node with --dht HOST:PORT";
            case UNREACHABLE -> "; check --peer, or allow more time with --timeout";
            case NO_PROGRESS -> "; give other peers with --peer, or more time with --patience";
            case PORT -> "; check --host and --port";
            default -> "";
        };
    }
}
