/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.peerwire.pex.PeerEvent.Added;
import org.peerwire.pex.PeerEvent.Dropped;
import reactor.core.scheduler.Scheduler;

/** What one peer has told so far, and what its next message changes. Not thread-safe. */
final class PexDecoder {
    private final PexOptions options;
    private final PexLimits limits;
    private final SocketAddress teller;
    private final SocketAddress self;
    private final Predicate<? super InetSocketAddress> proven;
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
     * @param proven whether an address has been reached, as far as is known
     */
    PexDecoder(
            PexOptions options,
            SocketAddress teller,
            SocketAddress self,
            Predicate<? super InetSocketAddress> proven,
            Consumer<PexIgnored> ignored) {
        this.options = options;
        this.limits = options.limits();
        this.teller = teller;
        this.self = self;
        this.proven = proven;
        this.ignored = ignored;
        this.clock = options.scheduler();
        this.bucket = new TokenBucket(limits.receiveInterval().toMillis(), limits.receiveBurst(), now());
    }

    /**
     * The events of a message, which is read and not released.
     *
     * @throws PexException if it is one too many
     */
    List<PeerEvent> decode(ByteBuf payload) {
        if (!bucket.take(now())) {
            ignored.accept(PexIgnored.TOO_OFTEN);
            if (++excess >= limits.tolerated()) {
                throw new PexException(excess + " peer exchange messages came too soon; one per "
                        + limits.receiveInterval().toSeconds() + " s may");
            }
            return List.of();
        }
        excess = Math.max(0, excess - 1);
        if (payload.readableBytes() > limits.maxMessageLength()) {
            ignored.accept(PexIgnored.MALFORMED);
            return List.of();
        }
        PexMessage message = first
                ? PexMessage.decode(payload, limits.firstUsed(), Integer.MAX_VALUE, ignored)
                : PexMessage.decode(payload, limits.laterUsed(), PexMessage.MAX_LISTED, ignored);
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
        Map<InetSocketAddress, Added> news = news(message, contradictory);
        makeRoom(news.keySet(), events);
        remembered.addAll(news.keySet());
        events.addAll(news.values());
        return events;
    }

    private Map<InetSocketAddress, Added> news(PexMessage message, Set<InetSocketAddress> contradictory) {
        Map<InetSocketAddress, Added> news = new LinkedHashMap<>();
        Crowd crowd = new Crowd(limits);
        int unproven = 0;
        for (Added entry : message.added()) {
            InetSocketAddress peer = entry.peer();
            if (contradictory.contains(peer)) {
                continue;
            }
            boolean isProven = proven.test(peer);
            if (remembered.contains(peer) || news.containsKey(peer)) {
                ignored.accept(PexIgnored.REPEATED);
            } else if (peer.equals(self) || !options.policy().accept(peer, teller)) {
                ignored.accept(PexIgnored.REFUSED);
            } else if (!isProven && unproven >= limits.maxUnproven()) {
                ignored.accept(PexIgnored.UNPROVEN);
            } else if (news.size() >= limits.remembered()) {
                ignored.accept(PexIgnored.TOO_MANY);
            } else if (!crowd.admit(peer.getAddress())) {
                ignored.accept(PexIgnored.CROWDED);
            } else {
                unproven += isProven ? 0 : 1;
                news.put(peer, entry);
            }
        }
        return news;
    }

    /**
     * The oldest go, not the newest: libtorrent drops inbound peers under another port than it added them with, so after
     * some hours what is remembered of an honest peer may be all stale.
     */
    private void makeRoom(Set<InetSocketAddress> news, List<PeerEvent> events) {
        List<InetSocketAddress> unproven =
                remembered.stream().filter(Predicate.not(proven)).toList();
        long newUnproven = news.stream().filter(Predicate.not(proven)).count();
        forget(unproven, unproven.size() + newUnproven - limits.maxUnproven(), events);
        forget(List.copyOf(remembered), remembered.size() + news.size() - limits.remembered(), events);
    }

    private void forget(List<InetSocketAddress> oldestFirst, long surplus, List<PeerEvent> events) {
        oldestFirst.stream().limit(Math.max(0, surplus)).forEach(peer -> {
            remembered.remove(peer);
            events.add(new Dropped(peer));
        });
    }

    private long now() {
        return clock.now(TimeUnit.MILLISECONDS);
    }
}
