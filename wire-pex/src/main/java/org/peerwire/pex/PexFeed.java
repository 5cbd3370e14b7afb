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
 * What one peer has been told of the swarm and what is still to be told. Each address is in one state at a time, so no
 * message can hold it twice, and an add and a drop between two messages cancel out. Not thread-safe.
 */
final class PexFeed {
    private final PexOptions options;
    private final Map<InetSocketAddress, Entry> entries = new LinkedHashMap<>();
    private final Set<InetSocketAddress> heard = new HashSet<>();
    private boolean first = true;

    private enum State {
        /** Live; the peer has not been told. */
        NEW,
        /** Live; the peer has been told. */
        TOLD,
        /** No longer live, and the peer still believes it. */
        GONE
    }

    private record Entry(PexFlags flags, State state, long since) {}

    PexFeed(PexOptions options) {
        this.options = options;
    }

    /** A change in the swarm, at this time in milliseconds. */
    void swarm(PeerEvent event, long now) {
        Entry known = entries.get(event.peer());
        if (event instanceof Added added) {
            add(added, known, now);
        } else if (known != null && known.state() == State.NEW) {
            entries.remove(event.peer());
        } else if (known != null && known.state() == State.TOLD) {
            entries.remove(event.peer()); // to the end: the newest to be dropped are held back
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

    /** Whether there is something to tell or told about this address; the peers beyond the limit are not known. */
    boolean knows(InetSocketAddress peer) {
        return entries.containsKey(peer);
    }

    /** Something the peer told us; it will not hear that from us. Bounded by what the decoder remembers. */
    void heard(PeerEvent event) {
        if (event instanceof Added) {
            heard.add(event.peer());
        } else {
            heard.remove(event.peer());
        }
    }

    /**
     * The next message, empty if there is nothing to tell; it counts as told from now on.
     *
     * @param isListener whether an address is the peer's own
     * @param now in milliseconds
     */
    PexMessage next(Predicate<InetSocketAddress> isListener, long now) {
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
        return message;
    }

    /** Whom to drop: in a small swarm the newest that are gone stay on the list for one message more. */
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
