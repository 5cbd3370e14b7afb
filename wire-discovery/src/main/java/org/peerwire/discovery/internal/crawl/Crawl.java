/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.crawl;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.peerwire.ConnectionException;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.WireClient;
import org.peerwire.discovery.internal.net.LocalNetworks;
import org.peerwire.discovery.internal.net.MonotonicTime;
import org.peerwire.metadata.Metadata;
import org.peerwire.metadata.MetadataException;
import org.peerwire.metadata.MetadataOptions;
import org.peerwire.metadata.UtMetadata;
import org.peerwire.pex.PeerEvent;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** One run over many info hashes. Its state is confined to one worker of the clock. */
public final class Crawl {
    private static final int PREFETCH = 32;

    /** The time in which an address that cannot be reached is not dialled for another torrent. */
    private static final long UNREACHABLE_MILLIS = Duration.ofMinutes(5).toMillis();

    private final Function<? super InfoHash, ? extends Publisher<? extends PeerEvent>> peers;
    private final Limits limits;
    private final WireClient client;
    private final Scheduler clock;
    private final MonotonicTime uptime;
    private final Scheduler loop;
    private final Places places;
    private final Reputation reputation = new Reputation();
    private final MetadataOptions metadata;
    private final PeerId peerId = PeerId.random();
    private final UtMetadata extension = UtMetadata.fetching();

    /**
     * The limits of a run.
     *
     * @param maxWires the number of dials and wires of all hashes
     * @param wiresPerHash the number of dials and wires of one hash
     * @param peersPerHash the number of addresses of one hash
     * @param maxSize the length of metadata in bytes
     * @param deadline the time for one hash
     * @param peerTimeout the time for one address
     * @param allowLocal true if local addresses are dialled
     */
    public record Limits(
            int maxWires,
            int wiresPerHash,
            int peersPerHash,
            int maxSize,
            Duration deadline,
            Duration peerTimeout,
            boolean allowLocal) {}

    /** The result for one hash: the metadata, or the failure. */
    public record Result(
            InfoHash hash,
            @Nullable Metadata metadata,
            @Nullable Failure failure) {}

    /** The reason why there is no metadata, for people. */
    public record Failure(
            boolean isLate, String reason, @Nullable Throwable cause) {}

    /** The addresses of one hash. Confined to the loop. */
    private static final class Search {
        private final Set<InetSocketAddress> seen = new HashSet<>();
        private int dialled;

        @Nullable
        private Throwable last;
    }

    /** Creates a run. Dispose it at its end. */
    public Crawl(
            Function<? super InfoHash, ? extends Publisher<? extends PeerEvent>> peers,
            Limits limits,
            WireClient client,
            Scheduler clock) {
        this.peers = peers;
        this.limits = limits;
        this.client = client;
        this.clock = clock;
        this.uptime = new MonotonicTime(clock);
        this.loop = Schedulers.single(clock);
        this.places = new Places(loop, limits.maxWires());
        this.metadata = MetadataOptions.builder()
                .maxSize(limits.maxSize())
                .maxAttempts(1)
                .maxSizes(1)
                .idleTimeout(limits.peerTimeout())
                .scheduler(clock)
                .build();
    }

    /** Looks for the metadata of one hash. Never fails, and always emits. */
    public Mono<Result> find(InfoHash hash) {
        return Mono.defer(() -> {
            Search search = new Search();
            Mono<Metadata> found = Flux.defer(() -> Flux.<PeerEvent>from(peers.apply(hash)))
                    .ofType(PeerEvent.Added.class)
                    .map(PeerEvent.Added::peer)
                    .publishOn(loop, PREFETCH)
                    .filter(address -> isWanted(search, address))
                    .take(limits.peersPerHash())
                    .flatMap(address -> attempt(hash, address, search), limits.wiresPerHash(), 1)
                    .next();
            return found.timeout(Mono.delay(limits.deadline(), clock))
                    .publishOn(loop)
                    .map(result -> new Result(hash, result, null))
                    .onErrorResume(error -> Mono.just(new Result(hash, null, failure(search, error))))
                    .switchIfEmpty(Mono.fromSupplier(() -> new Result(hash, null, failure(search, null))));
        });
    }

    private boolean isWanted(Search search, InetSocketAddress address) {
        return !address.isUnresolved()
                && address.getPort() > 0
                && (limits.allowLocal() || !LocalNetworks.contains(address.getAddress()))
                && !reputation.refuses(address, uptime.millis())
                && search.seen.add(address);
    }

    /** Asks one peer. Empty if it does not have the metadata. */
    private Mono<Metadata> attempt(InfoHash hash, InetSocketAddress address, Search search) {
        LocalPeer self = LocalPeer.of(hash, peerId).withExtension(extension);
        Mono<Metadata> asked = Mono.usingWhen(
                Mono.defer(() -> client.connect(address, self)),
                wire -> UtMetadata.fetch(wire, metadata),
                wire -> Mono.fromRunnable(wire::dispose));
        Mono<Metadata> timed = Mono.defer(() -> {
            if (reputation.refuses(address, uptime.millis())) {
                return Mono.empty(); // it has lied about another torrent while this one waited
            }
            search.dialled++;
            return asked.timeout(limits.peerTimeout(), Mono.error(this::tooLate), clock);
        });
        return places.during(timed)
                .publishOn(loop)
                .doOnError(error -> blame(address, error, search))
                .onErrorComplete();
    }

    private TimeoutException tooLate() {
        return new TimeoutException("no metadata in " + limits.peerTimeout().toMillis() / 1000.0 + " s");
    }

    private void blame(InetSocketAddress address, Throwable error, Search search) {
        search.last = error;
        if (error instanceof MetadataException lie && lie.reason() == MetadataException.Reason.INVALID) {
            reputation.lied(address);
        } else if (error instanceof TimeoutException
                || (error instanceof ConnectionException failed
                        && failed.reason() == ConnectionException.Reason.FAILED)) {
            reputation.unreachable(address, uptime.millis() + UNREACHABLE_MILLIS);
        }
    }

    private Failure failure(Search search, @Nullable Throwable error) {
        boolean isLate = error instanceof TimeoutException;
        Throwable cause = error == null || isLate ? search.last : error;
        String who = search.seen.isEmpty() ? "no peer was found" : "none of " + search.dialled + " peers had it";
        String time = isLate ? " in " + limits.deadline().toMillis() / 1000.0 + " s" : "";
        String last = cause == null || cause.getMessage() == null ? "" : "; the last failure: " + cause.getMessage();
        return new Failure(isLate, who + time + last, cause);
    }

    /** Begins no more dials: those that wait must not take the places of those that are cancelled before them. */
    public void stop() {
        places.close();
    }

    /** Frees the worker after the tasks that are scheduled now. */
    public void dispose() {
        try {
            loop.schedule(loop::dispose);
        } catch (RejectedExecutionException e) {
            loop.dispose();
        }
    }
}
