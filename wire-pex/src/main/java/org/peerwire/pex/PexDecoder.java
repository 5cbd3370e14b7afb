/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.peerwire.pex.PeerEvent.Added;
import org.peerwire.pex.PeerEvent.Dropped;
import reactor.core.scheduler.Scheduler;

/** What one peer has told so far, and what its next message changes. Not thread-safe. */
final class PexDecoder {
    private final PexOptions options;
    private final SocketAddress teller;
    private final SocketAddress self;
    private final Consumer<PexIgnored> ignored;
    private final Scheduler clock;
    private final TokenBucket bucket;
    private final Set<InetSocketAddress> remembered = new LinkedHashSet<>();
    private boolean first = true;
    private int excess;

    /**
     * A memory of nothing.
     *
     * @param self our own end of the wire, which some peers tell us of
     */
    PexDecoder(PexOptions options, SocketAddress teller, SocketAddress self, Consumer<PexIgnored> ignored) {
        this.options = options;
        this.teller = teller;
        this.self = self;
        this.ignored = ignored;
        this.clock = options.scheduler();
        this.bucket = new TokenBucket(options.receiveInterval().toMillis(), options.receiveBurst(), now());
    }

    /**
     * The events of a message, which is read and not released.
     *
     * @throws PexException if it is one too many
     */
    List<PeerEvent> decode(ByteBuf payload) {
        if (!bucket.take(now())) {
            ignored.accept(PexIgnored.TOO_OFTEN);
            if (++excess >= options.tolerated()) {
                throw new PexException(excess + " peer exchange messages in a row came too soon; one per "
                        + options.receiveInterval().toSeconds() + " s may");
            }
            return List.of();
        }
        excess = 0;
        if (payload.readableBytes() > options.maxMessageLength()) {
            ignored.accept(PexIgnored.MALFORMED);
            return List.of();
        }
        PexMessage message = PexMessage.decode(payload, first ? options.firstUsed() : options.laterUsed(), ignored);
        first &= message.isEmpty();
        return events(message);
    }

    private List<PeerEvent> events(PexMessage message) {
        Set<InetSocketAddress> dropped = new LinkedHashSet<>(message.dropped());
        Set<InetSocketAddress> contradictory = new HashSet<>();
        for (Added entry : message.added()) {
            if (dropped.remove(entry.peer())) {
                contradictory.add(entry.peer());
                ignored.accept(PexIgnored.CONTRADICTORY);
            }
        }
        List<PeerEvent> events = new ArrayList<>();
        for (InetSocketAddress peer : dropped) {
            if (remembered.remove(peer)) {
                events.add(new Dropped(peer));
            } else {
                ignored.accept(PexIgnored.UNKNOWN_DROP);
            }
        }
        Crowd crowd = new Crowd(options);
        for (Added entry : message.added()) {
            if (!contradictory.contains(entry.peer()) && isNews(entry.peer(), crowd)) {
                remember(entry, events);
            }
        }
        return events;
    }

    private boolean isNews(InetSocketAddress peer, Crowd crowd) {
        if (remembered.contains(peer)) {
            ignored.accept(PexIgnored.REPEATED);
        } else if (peer.equals(self) || !options.policy().accept(peer, teller)) {
            ignored.accept(PexIgnored.REFUSED);
        } else if (!crowd.admit(peer.getAddress())) {
            ignored.accept(PexIgnored.CROWDED);
        } else {
            return true;
        }
        return false;
    }

    private void remember(Added entry, List<PeerEvent> events) {
        // The oldest goes, not the newest: libtorrent drops inbound peers under another port than it added them with,
        // so after some hours what is remembered of an honest peer may be all stale.
        if (remembered.size() >= options.remembered()) {
            Iterator<InetSocketAddress> oldest = remembered.iterator();
            events.add(new Dropped(oldest.next()));
            oldest.remove();
        }
        remembered.add(entry.peer());
        events.add(entry);
    }

    private long now() {
        return clock.now(TimeUnit.MILLISECONDS);
    }
}
