/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.peerwire.swarm.SwarmEvent;

/** The last fate of each peer, to tell people truthfully why none is left. Not thread-safe. */
final class Fates {
    private static final int MAX_PEERS = 1_000;

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
        } else if (event instanceof SwarmEvent.Banned banned) {
            note(banned.peer(), Kind.BANNED, banned.reason());
        } else if (event instanceof SwarmEvent.Ourselves ours) {
            note(ours.peer(), Kind.OURSELVES, "it has our peer id");
        } else if (event instanceof SwarmEvent.Disconnected lost) {
            note(lost.peer(), Kind.CLOSED, lost.reason());
        }
    }

    /** Notes that a dial has failed. */
    void unreachable(InetSocketAddress peer, String reason) {
        note(peer, Kind.UNREACHABLE, reason);
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
            return "no peers";
        }
        Kind kind = fates.values().iterator().next().kind;
        boolean isSame = fates.values().stream().allMatch(fate -> fate.kind == kind);
        if (fates.size() == 1) {
            return "the only peer " + kind.text + ": " + last;
        }
        String all = isSame
                ? "each of " + fates.size() + " peers " + kind.text
                : "none of " + fates.size() + " peers is left";
        return all + ", the last was " + last;
    }

    /** Returns the message for a swarm that has been without a wire for some time. */
    String nobodyFor(String time) {
        String what = connected ? "no peer has been connected for " : "no peer could be reached within ";
        return what + time + (last.isEmpty() ? "" : " (" + last + ")");
    }
}
