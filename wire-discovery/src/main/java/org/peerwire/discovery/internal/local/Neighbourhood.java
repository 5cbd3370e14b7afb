/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.local;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.discovery.internal.net.MonotonicTime;
import org.peerwire.pex.PeerEvent;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.scheduler.Scheduler;

/**
 * The torrents that we have in common with the local network. Announces each at its subscription and then at the
 * interval, several in one packet, at most one packet a minute (BEP 14). Repeats each packet twice within seconds, because
 * nobody confirms one, and a socket or a neighbour may just be starting. All state is confined to one worker.
 */
public final class Neighbourhood {
    /** BEP 14: "no more than 1 announce per minute". */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    /** Collects the torrents that begin at the same time in one packet. */
    private static final Duration GATHER = Duration.ofMillis(100);

    /** The waits before a packet is repeated. Others repeat theirs at the same times. */
    private static final List<Duration> REPEATS = List.of(Duration.ofSeconds(2), Duration.ofSeconds(4));

    /** The same packet comes through several sockets, and several times. */
    private static final Duration REPETITION = Duration.ofSeconds(30);

    private static final int MAX_NEIGHBOURS = 1_000;
    private static final int MAX_WAITING = 1_000;

    private final Multicast multicast;
    private final Duration interval;
    private final MonotonicTime time;
    private final Scheduler.Worker worker;
    private final String cookie =
            Integer.toHexString(ThreadLocalRandom.current().nextInt());

    private final Set<Member> members = new LinkedHashSet<>();
    private final Set<Member> due = new LinkedHashSet<>();
    private Disposable sockets = Disposables.disposed();
    private Disposable timer = Disposables.disposed();
    private Disposable repeat = Disposables.disposed();
    private long nextPacket = Long.MIN_VALUE;

    /** A subscription, and the times at which it was last told of each peer, the oldest first. */
    private static final class Member {
        final InfoHash hash;
        final int port;
        final FluxSink<PeerEvent> sink;
        final Map<InetSocketAddress, Long> told = new LinkedHashMap<>();
        Disposable again = Disposables.disposed();

        Member(InfoHash hash, int port, FluxSink<PeerEvent> sink) {
            this.hash = hash;
            this.port = port;
            this.sink = sink;
        }
    }

    /** Creates an object without sockets. */
    public Neighbourhood(Multicast multicast, Duration interval, Scheduler clock) {
        this.multicast = multicast;
        this.interval = interval;
        this.time = new MonotonicTime(clock);
        this.worker = clock.createWorker();
    }

    /**
     * Announces a torrent while subscribed, and emits the peers that announce it. The sockets are open while there is a
     * subscription. A slow subscriber loses the oldest peers beyond 1,000.
     *
     * @param port our port, or 0 to listen only
     */
    public Flux<PeerEvent> peers(InfoHash hash, int port) {
        return Flux.<PeerEvent>create(sink -> {
                    Member member = new Member(hash, port, sink);
                    worker.schedule(() -> join(member));
                    sink.onDispose(() -> worker.schedule(() -> leave(member)));
                })
                .onBackpressureBuffer(MAX_WAITING, lost -> {}, BufferOverflowStrategy.DROP_OLDEST);
    }

    private void join(Member member) {
        if (member.sink.isCancelled()) {
            return;
        }
        members.add(member);
        if (members.size() == 1) {
            sockets = multicast
                    .open()
                    .subscribe(packet -> worker.schedule(() -> heard(packet)), e -> worker.schedule(() -> fail(e)));
        }
        if (member.port > 0) {
            announce(member);
        }
    }

    private void leave(Member member) {
        members.remove(member);
        due.remove(member);
        member.again.dispose();
        if (members.isEmpty()) {
            sockets.dispose();
            timer.dispose();
            repeat.dispose();
        }
    }

    private void fail(Throwable error) {
        List.copyOf(members).forEach(member -> {
            leave(member);
            member.sink.error(error);
        });
    }

    // ---- what we send ----

    private void announce(Member member) {
        due.add(member);
        if (timer.isDisposed()) {
            long delay = Math.max(GATHER.toMillis(), nextPacket == Long.MIN_VALUE ? 0 : nextPacket - time.millis());
            timer = worker.schedule(this::send, delay, TimeUnit.MILLISECONDS);
        }
    }

    /** Sends the torrents that have waited longest. Those with another port wait for the next packet. */
    private void send() {
        timer = Disposables.disposed();
        Member first = oldest();
        if (first == null) {
            return;
        }
        List<Member> packed = due.stream()
                .filter(member -> member.port == first.port)
                .limit(LocalAnnounce.MAX_HASHES)
                .toList();
        transmit(packed, 0);
        nextPacket = time.millis() + PAUSE.toMillis();
        packed.forEach(member -> {
            due.remove(member);
            member.again = worker.schedule(() -> announce(member), interval.toMillis(), TimeUnit.MILLISECONDS);
        });
        new ArrayList<>(due).stream().findFirst().ifPresent(this::announce);
    }

    /** Sends a packet with those torrents that are still ours, and repeats it. */
    private void transmit(List<Member> packed, int repeats) {
        List<Member> ours = packed.stream().filter(members::contains).toList();
        if (ours.isEmpty()) {
            return;
        }
        multicast.send(new LocalAnnounce(
                ours.get(0).port,
                ours.stream().map(member -> member.hash).distinct().toList(),
                cookie));
        if (repeats < REPEATS.size()) {
            long wait = REPEATS.get(repeats).toMillis();
            repeat = worker.schedule(() -> transmit(ours, repeats + 1), wait, TimeUnit.MILLISECONDS);
        }
    }

    private @Nullable Member oldest() {
        return due.isEmpty() ? null : due.iterator().next();
    }

    // ---- what we hear ----

    private void heard(Multicast.Packet packet) {
        LocalAnnounce announce = LocalAnnounce.decode(packet.bytes());
        if (announce == null || cookie.equals(announce.cookie())) {
            return;
        }
        InetSocketAddress peer = new InetSocketAddress(packet.sender(), announce.port());
        Set<InfoHash> hashes = new LinkedHashSet<>(announce.hashes());
        List.copyOf(members).stream()
                .filter(member -> hashes.contains(member.hash))
                .forEach(member -> tell(member, peer));
    }

    private void tell(Member member, InetSocketAddress peer) {
        long now = time.millis();
        Long last = member.told.remove(peer);
        boolean isRepetition = last != null && now - last < REPETITION.toMillis();
        member.told.put(peer, isRepetition ? last : now);
        if (member.told.size() > MAX_NEIGHBOURS) {
            member.told.remove(member.told.keySet().iterator().next());
        }
        if (!isRepetition) {
            member.sink.next(new PeerEvent.Added(peer));
        }
    }
}
