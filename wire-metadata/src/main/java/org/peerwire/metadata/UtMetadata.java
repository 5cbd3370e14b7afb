/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.peerwire.PerWire;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.extension.IgnoredCounts;
import org.peerwire.message.Feature;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The exchange of metadata between peers (BEP 9). A magnet link contains only the info hash of a torrent. The info
 * dictionary comes from the peers.
 *
 * <p>Pass one object to all wires of a torrent, with {@code LocalPeer.withExtension}. {@link #fetch} requests metadata.
 * {@link #serve} answers requests, for each wire. A program that starts with a magnet link and then serves others:
 *
 * <pre>{@code
 * UtMetadata metadata = UtMetadata.fetching();
 * wires = dial(LocalPeer.of(link.hashes().wire(), peerId).withExtension(metadata))
 *         .doOnNext(wire -> metadata.serve(wire).onErrorComplete().subscribe());
 * UtMetadata.fetch(wires, link.hashes(), MetadataOptions.defaults())
 *         .doOnNext(found -> metadata.provide(found.info()));
 * }</pre>
 *
 * <p>A private torrent must not use this extension (BEP 27). After a fetch, pass the shape of the torrent to each wire
 * with {@code Wire.shape}, which withdraws the extension in a private torrent.
 */
public final class UtMetadata implements Extension {
    /** The name of the extension. */
    public static final String NAME = "ut_metadata";

    /**
     * The longest message that is accepted, in bytes after the id of the extension: 17 KiB. A piece has 16 KiB. The
     * rest is for the dictionary, where clients add keys. A longer message closes the wire before it has arrived. Not
     * an option, because BEP 9 fixes the length of a piece. libtorrent has the same limit.
     */
    public static final int MAX_MESSAGE_LENGTH = MetadataMessage.PIECE_LENGTH + 1024;

    /**
     * The number of malformed messages and unrequested answers that closes the wire of a peer: 16. Fewer are tolerated,
     * because an answer may be late, and no client sends more. A request that you send over {@code Wire.extension} does
     * not count as a request: its answer is unrequested.
     */
    public static final int TOLERATED = 16;

    private final Sinks.One<ServedMetadata> provided = Sinks.one();
    private final AtomicReference<@Nullable ServedMetadata> served;

    /** The number of wires opened before there was metadata, without those in {@link #early}. */
    private final AtomicInteger notServed = new AtomicInteger();

    /** The wires that were in {@link #serve} before there was metadata. */
    final PerWire<AtomicBoolean> early = PerWire.of(wire -> new AtomicBoolean());

    private final IgnoredCounts<MetadataIgnored> ignored = IgnoredCounts.of(MetadataIgnored.class);
    final PerWire<MetadataChannel> channels = PerWire.of(this::watch);

    private UtMetadata(@Nullable ServedMetadata served) {
        this.served = new AtomicReference<>(served);
    }

    /** Returns an extension without metadata. It advertises no size, and rejects requests until {@link #provide}. */
    public static UtMetadata fetching() {
        return new UtMetadata(null);
    }

    /**
     * Returns an extension with metadata, which advertises its size to each peer. For a private torrent it advertises
     * no size and rejects requests.
     *
     * @param info the info dictionary, which is copied
     * @throws IllegalArgumentException if the bytes are not a bencoded dictionary
     */
    public static UtMetadata serving(byte[] info) {
        return new UtMetadata(ServedMetadata.of(info));
    }

    /**
     * Sets the metadata to serve, and sends its size to the peers of all wires in {@link #serve}. A second call has no
     * effect. Any thread.
     *
     * @param info the info dictionary, which is copied
     * @throws IllegalArgumentException if the bytes are not a bencoded dictionary
     */
    public void provide(byte[] info) {
        ServedMetadata metadata = ServedMetadata.of(info);
        if (served.compareAndSet(null, metadata)) {
            provided.tryEmitValue(metadata);
        }
    }

    // ---- the extension ----

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void advertise(ExtendedHandshake.Builder mine) {
        ServedMetadata metadata = served.get();
        if (metadata == null) {
            notServed.incrementAndGet();
        } else if (!metadata.isPrivate()) {
            mine.metadataSize(metadata.size());
        }
    }

    /** Returns {@link #MAX_MESSAGE_LENGTH}. */
    @Override
    public int maxMessageLength() {
        return MAX_MESSAGE_LENGTH;
    }

    @Override
    public boolean allowedInPrivateTorrents() {
        return false;
    }

    @Override
    public String toString() {
        return NAME;
    }

    /**
     * Returns the number of anomalies of each kind, without kinds that never happened. Covers all wires of this object,
     * each from the first subscription to {@link #serve} or a fetch. Any thread.
     */
    public Map<MetadataIgnored, Long> ignored() {
        return ignored.toMap();
    }

    private MetadataChannel watch(Wire wire) {
        return MetadataChannel.watch(wire, payload -> MetadataMessage.decode(payload, ignored::count), ignored::count);
    }

    /**
     * Returns the channel of a wire, which exists from the first call until the wire ends.
     *
     * @throws IllegalArgumentException if the wire does not have the extension
     */
    private static MetadataChannel channel(Wire wire) {
        return wire.extension(UtMetadata.class).channels.get(wire);
    }

    // ---- serving ----

    /**
     * Answers the requests of the peer until the wire ends. Sends the piece or a reject. Uses {@link
     * MetadataOptions#defaults()}.
     *
     * <p>Rejects a request for a piece that does not exist, and one above the limit. Rejects every request before the
     * metadata is known, and in a private torrent. The limit for one peer in an hour is twice the pieces of the
     * metadata, plus 16. Answers are sent one at a time. If the peer does not read them, the wire stops reading its
     * requests.
     *
     * @return completes when the wire ends in order, and fails with the error that ended it. Fails with {@link
     *     MetadataException} FLOODED after it has closed the wire of a peer that floods us. Fails with {@link
     *     IllegalArgumentException} if the wire does not have the extension. Signals on the event loop, or on the
     *     subscribing thread for a wire that has ended
     */
    public Mono<Void> serve(Wire wire) {
        return serve(wire, MetadataOptions.defaults());
    }

    /** Answers like {@link #serve(Wire)}, with the clock of these options. The other options have no effect. */
    public Mono<Void> serve(Wire wire, MetadataOptions options) {
        return Mono.defer(() -> {
            MetadataChannel channel = channel(wire);
            MetadataServer server = new MetadataServer(channel, served::get, options.scheduler());
            boolean mayNotKnow = mayNotKnow(wire);
            Mono<Void> told = provided.asMono()
                    .filter(metadata -> mayNotKnow && !metadata.isPrivate())
                    .flatMap(metadata -> wire.readvertise(mine -> mine.metadataSize(metadata.size())))
                    .onErrorComplete()
                    .takeUntilOther(wire.onClose().onErrorComplete());
            return Mono.firstWithSignal(channel.flooded(), Mono.when(server.run(), told));
        });
    }

    /** Returns true if the first extended handshake to the peer may have had no size. */
    private boolean mayNotKnow(Wire wire) {
        if (served.get() != null) {
            return early.find(wire) != null || notServed.get() > 0;
        }
        boolean isPrivate = wire.torrent().map(TorrentShape::isPrivate).orElse(false);
        if (wire.features().has(Feature.EXTENSION_PROTOCOL) && !isPrivate) {
            AtomicBoolean moved = early.get(wire);
            // checked after the insertion: an ended wire is not kept, so each serve would subtract it again
            if (early.find(wire) == moved && moved.compareAndSet(false, true)) {
                notServed.decrementAndGet();
            }
        }
        return true;
    }

    // ---- fetching ----

    /**
     * Fetches the metadata from one peer, with {@link MetadataOptions#defaults()}. Verifies it with the info hash of
     * the wire.
     *
     * @return as {@link #fetch(Flux, InfoHashes, MetadataOptions)}
     */
    public static Mono<Metadata> fetch(Wire wire) {
        return fetch(wire, MetadataOptions.defaults());
    }

    /** Fetches the metadata from one peer like {@link #fetch(Wire)}, with these options. */
    public static Mono<Metadata> fetch(Wire wire, MetadataOptions options) {
        return fetch(Flux.just(wire), InfoHashes.ofHandshake(wire.local().infoHash()), options);
    }

    /**
     * Fetches the metadata from many peers at once. Requests different pieces from each peer, and a missing piece from
     * a second one. Finds and excludes peers that lie about the size or the data. Requests from a peer without metadata
     * as soon as it advertises a size.
     *
     * <p>The Reactor context of the subscriber reaches {@code candidates} and everything that the fetch subscribes to.
     * Sends nothing before the subscription or after a cancellation. Leaves the wires open, except that of a peer
     * that floods us: see {@link #TOLERATED}.
     *
     * @param candidates the wires of the torrent, each with this extension; an ended wire is discarded
     * @param hashes the hashes that verify the result
     * @return the verified metadata, on the scheduler of the options. Fails with {@link MetadataException} if no peer
     *     is left and no other can join, without progress for {@link MetadataOptions#idleTimeout()}, and after {@link
     *     MetadataOptions#maxAttempts()} wrong results. Fails with {@link IllegalArgumentException} if a wire does not
     *     have the extension
     */
    public static Mono<Metadata> fetch(Flux<? extends Wire> candidates, InfoHashes hashes, MetadataOptions options) {
        return MetadataFetch.from(candidates, hashes, options, UtMetadata::channel);
    }
}
