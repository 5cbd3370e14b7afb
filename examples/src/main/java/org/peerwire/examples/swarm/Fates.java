/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/** The last fate of each peer, to tell people truthfully why none is left. Not thread-safe. */
final class Fates {
    private static final int MAX_PEERS = 1_000;
    private static final String ADVICE = "; give another with --peer HOST:PORT";

    private final Map<InetSocketAddress, Fate> fates = new LinkedHashMap<>();
    private String last = "";
    private boolean connected;

    private record Fate(Kind kind, String reason) {}

    private enum Kind {
        BANNED("sent bad data"),
        OURSELVES("is this program itself"),
        CLOSED("closed the connection"),
        UNREACHABLE("cannot be reached");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /** Notes the fate that an event tells, if any. */
    void on(SwarmEvent event) {
        if (event instanceof SwarmEvent.Connected) {
            connected = true;
        } else if (event instanceof SwarmEvent.Dropped dropped) {
            note(dropped.peer(), Kind.BANNED, dropped.reason());
        } else if (event instanceof SwarmEvent.Disconnected lost) {
            note(lost.peer(), Kind.CLOSED, lost.reason());
        }
    }

    /** Notes that a dial has failed. */
    void unreachable(InetSocketAddress peer, String reason) {
        note(peer, Kind.UNREACHABLE, reason);
    }

    /** Notes that an address is our own. */
    void ourselves(InetSocketAddress peer) {
        note(peer, Kind.OURSELVES, "it has our peer id");
    }

    private void note(InetSocketAddress peer, Kind kind, String reason) {
        Fate before = fates.get(peer);
        boolean isFinal = before != null && before.kind == Kind.BANNED; // its wires end after the ban
        if (!isFinal && (before != null || fates.size() < MAX_PEERS)) {
            fates.put(peer, new Fate(kind, reason));
            last = Addresses.text(peer) + ": " + reason;
        }
    }

    /** Returns the message for a swarm without any address left to dial. */
    String nobodyLeft() {
        if (fates.isEmpty()) {
            return "no peers: give one with --peer HOST:PORT";
        }
        Kind kind = fates.values().iterator().next().kind;
        boolean isSame = fates.values().stream().allMatch(fate -> fate.kind == kind);
        if (fates.size() == 1) {
            return "the only peer " + kind.text + ": " + last + ADVICE;
        }
        String all = isSame
                ? "each of " + fates.size() + " peers " + kind.text
                : "none of " + fates.size() + " peers is left";
        return all + ", the last was " + last + ADVICE;
    }

    /** Returns the message for a download without progress. */
    static String noProgress(String time, int peers) {
        String from = peers == 0
                ? ", and no peer is connected"
                : " from " + peers + " connected peer" + (peers == 1 ? "" : "s");
        return "no data for " + time + from + "; give other peers with --peer, or more time with --give-up";
    }

    /** Returns the message for a swarm that has been without a wire for some time. */
    String nobodyFor(String time) {
        String what = connected ? "no peer has been connected for " : "no peer could be reached within ";
        return what + time + (last.isEmpty() ? "" : " (" + last + ")")
                + "; check --peer, or allow more time with --timeout";
    }
}
