/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.peerwire.pex.PeerEvent.Added;

/**
 * The state of each address towards one peer: announced or not, live or not. An address has one state at a
 * time, so no message contains it twice. An addition and a drop between two messages cancel each other. Not
 * thread-safe.
 */
final class PexFeed {
    private final PexOptions options;
    private final Map<InetSocketAddress, Entry> entries = new LinkedHashMap<>();
    private final Set<InetSocketAddress> heard = new HashSet<>();
    private boolean first = true;

    /** True if the last message was empty and nothing has changed since: then the next one is empty too. */
    private boolean settled;

    private enum State {
        /** Live and not announced. */
        NEW,
        /** Live and announced. */
        TOLD,
        /** Announced and no longer live. */
        GONE
    }

    private record Entry(PexFlags flags, State state, long since) {}

    PexFeed(PexOptions options) {
        this.options = options;
    }

    /** Applies a change of the swarm, at a time in milliseconds. */
    void swarm(PeerEvent event, long now) {
        settled = false;
        Entry known = entries.get(event.peer());
        if (event instanceof Added added) {
            add(added, known, now);
        } else if (known != null && known.state() == State.NEW) {
            entries.remove(event.peer());
        } else if (known != null && known.state() == State.TOLD) {
            entries.remove(event.peer()); // moves to the end, because the newest drops are delayed
            entries.put(event.peer(), new Entry(known.flags(), State.GONE, now));
        }
    }

    private void add(Added added, @Nullable Entry known, long now) {
        if (known == null && entries.size() < options.limits().remembered()) {
            entries.put(added.peer(), new Entry(added.flags(), State.NEW, now));
        } else if (known != null) {
            State state = known.state() == State.NEW ? State.NEW : State.TOLD;
            entries.put(added.peer(), new Entry(added.flags(), state, now));
        }
    }

    /** Returns true if the address has a state. Peers above the limit have none. */
    boolean knows(InetSocketAddress peer) {
        return entries.containsKey(peer);
    }

    /**
     * Applies a change that the peer sent. Its own peers are not announced to it. The memory of the sender bounds the
     * set.
     */
    void heard(PeerEvent event) {
        settled = false;
        if (event instanceof Added) {
            heard.add(event.peer());
        } else {
            heard.remove(event.peer());
        }
    }

    /** Notes that the predicate of {@link #next} has changed. */
    void listenerChanged() {
        settled = false;
    }

    /**
     * Returns the next message, which counts as sent from now on, or an empty one.
     *
     * @param isListener returns true for an address of the peer itself
     * @param now the time in milliseconds
     */
    PexMessage next(Predicate<InetSocketAddress> isListener, long now) {
        if (settled) {
            return PexMessage.EMPTY;
        }
        List<Added> added = new ArrayList<>();
        int most = first ? options.firstAdded() : options.maxAdded();
        entries.forEach((peer, entry) -> {
            boolean untold = entry.state() == State.NEW && !heard.contains(peer) && !isListener.test(peer);
            if (untold && added.size() < most) {
                added.add(new Added(peer, entry.flags()));
            }
        });
        PexMessage message = new PexMessage(added, dropped(now));
        message.added().forEach(entry -> entries.put(entry.peer(), new Entry(entry.flags(), State.TOLD, now)));
        message.dropped().forEach(entries::remove);
        first &= message.isEmpty();
        settled = message.isEmpty() && entries.values().stream().noneMatch(entry -> entry.state() == State.GONE);
        return message;
    }

    /** Returns the peers to drop. In a small swarm, the newest drops are delayed by one message. */
    private List<InetSocketAddress> dropped(long now) {
        List<InetSocketAddress> gone = new ArrayList<>();
        int fresh = 0;
        for (Map.Entry<InetSocketAddress, Entry> entry : entries.entrySet()) {
            if (entry.getValue().state() == State.GONE) {
                gone.add(entry.getKey());
                fresh += now - entry.getValue().since() < options.interval().toMillis() ? 1 : 0;
            }
        }
        boolean small = entries.size() - gone.size() < options.holdBelow();
        int due = small ? gone.size() - Math.min(fresh, options.holdBelow()) : gone.size();
        return gone.subList(0, Math.min(due, options.maxDropped()));
    }
}
