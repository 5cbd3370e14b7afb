/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import io.netty.buffer.ByteBuf;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
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
 * The exchange of metadata between peers (BEP 9): a magnet link has only the info hash of a torrent, the info
 * dictionary comes from the peers.
 *
 * <p>Give one object to all wires of a torrent, with {@code LocalPeer.withExtension}. To ask, {@link #fetch}; to
 * answer, {@link #serve} on each wire. A program that starts from a magnet link and then helps others:
 *
 * <pre>{@code
 * UtMetadata metadata = UtMetadata.fetching();
 * wires = dial(LocalPeer.of(link.hashes().wire(), peerId).withExtension(metadata))
 *         .doOnNext(wire -> metadata.serve(wire).subscribe());
 * UtMetadata.fetch(wires, link.hashes(), MetadataOptions.defaults())
 *         .doOnNext(found -> metadata.provide(found.info()));
 * }</pre>
 *
 * <p>It is not used in private torrents (BEP 27). Whether a torrent is private is known only when its metadata has
 * come: then tell the wires with {@code Wire.shape}.
 */
public final class UtMetadata implements Extension {
    /** The name of the extension. */
    public static final String NAME = "ut_metadata";

    /**
     * Longest message accepted, in bytes behind the id of the extension: 16 KiB for a piece and 1 KiB for the dictionary in
     * front of it, where clients put keys of their own. Not an option, for BEP 9 fixes the length of a piece; libtorrent
     * takes 17 KiB, too. A longer one ends the wire before it has arrived.
     */
    public static final int MAX_MESSAGE_LENGTH = MetadataMessage.PIECE_LENGTH + 1024;

    /**
     * With this many messages that are none, or data and rejects that nobody asked for, the wire of a peer is closed: 16.
     * This many are tolerated because an answer may cross what makes it useless, and no client sends more. What you ask
     * for by hand, over {@code Wire.extension}, counts as not asked for.
     */
    public static final int TOLERATED = 16;

    private final Sinks.One<ServedMetadata> provided = Sinks.one();
    private final AtomicReference<@Nullable ServedMetadata> served;

    /** The number of wires opened before there was metadata, without those in {@link #early}. */
    private final AtomicInteger notServed = new AtomicInteger();

    /** The wires that were in {@link #serve} before there was metadata. */
    final PerWire<AtomicBoolean> early = PerWire.of(wire -> new AtomicBoolean());

    private final IgnoredCounts<MetadataIgnored> ignored = IgnoredCounts.of(MetadataIgnored.class);
    private final Function<ByteBuf, MetadataMessage> decoder =
            payload -> MetadataMessage.decode(payload, ignored::count);
    final PerWire<MetadataChannel> channels = PerWire.of(wire -> MetadataChannel.watch(wire, decoder, ignored::count));

    private UtMetadata(@Nullable ServedMetadata served) {
        this.served = new AtomicReference<>(served);
    }

    /** Without metadata for now: peers are told that we know the extension, and what they ask for is rejected. */
    public static UtMetadata fetching() {
        return new UtMetadata(null);
    }

    /**
     * With metadata, whose size is told to each peer. If it is that of a private torrent the size is not told, and what
     * peers ask for is rejected.
     *
     * @param info the info dictionary, which is copied
     * @throws IllegalArgumentException if it is no bencoded dictionary
     */
    public static UtMetadata serving(byte[] info) {
        return new UtMetadata(ServedMetadata.of(info));
    }

    /**
     * The metadata has come: from now on it is served, and the peers of all wires in {@link #serve} are told its size.
     * A second call does nothing. Any thread.
     *
     * @param info the info dictionary, which is copied
     * @throws IllegalArgumentException if it is no bencoded dictionary
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

    /** {@link #MAX_MESSAGE_LENGTH}. */
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
     * How often the peers did something odd, on any wire of this object where {@link #serve} or a fetch has been
     * subscribed to; kinds that never happened are absent. Any thread.
     */
    public Map<MetadataIgnored, Long> ignored() {
        return ignored.toMap();
    }

    /**
     * Returns the channel of a wire, which exists from the first call until the wire ends.
     *
     * @throws IllegalArgumentException if the wire does not have the extension
     */
    private static MetadataChannel channel(Wire wire) {
        return wire.extension(UtMetadata.class).channels.get(wire);
    }

    // ---- answering ----

    /**
     * Answers what the peer asks for, until the wire ends: with a piece; or with a reject, if there is no such piece or
     * no metadata yet, if the torrent is private, or if the peer has had twice the pieces there are and 16 more within
     * an hour. Answers are sent one at a time, so a peer that does not read them is not read either.
     *
     * @return completes when the wire ends in order, fails with what else ended it; {@link MetadataException} after it has
     *     closed the wire of a peer that floods us with other messages; {@link IllegalArgumentException} if the wire does
     *     not have the extension
     */
    public Mono<Void> serve(Wire wire) {
        return serve(wire, MetadataOptions.defaults());
    }

    /** The same with the scheduler of these options as the clock; the rest of them is about fetching. */
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

    /** Whether the peer of a wire may have been told no size in our first extended handshake. */
    private boolean mayNotKnow(Wire wire) {
        if (served.get() != null) {
            return early.find(wire) != null || notServed.get() > 0;
        }
        boolean isPrivate = wire.torrent().map(TorrentShape::isPrivate).orElse(false);
        if (wire.features().has(Feature.EXTENSION_PROTOCOL) && !isPrivate) {
            AtomicBoolean moved = early.get(wire);
            // not for a wire that has ended, which is early again each time it is served
            if (early.find(wire) == moved && moved.compareAndSet(false, true)) {
                notServed.decrementAndGet();
            }
        }
        return true;
    }

    // ---- asking ----

    /**
     * Gets the metadata from one peer, with {@link MetadataOptions#defaults()}. What the wire's handshake says is the
     * proof it is checked against.
     *
     * @return one value, or an error as of {@link #fetch(Flux, InfoHashes, MetadataOptions)}
     */
    public static Mono<Metadata> fetch(Wire wire) {
        return fetch(wire, MetadataOptions.defaults());
    }

    /** Gets the metadata from one peer. */
    public static Mono<Metadata> fetch(Wire wire, MetadataOptions options) {
        return fetch(Flux.just(wire), InfoHashes.ofHandshake(wire.local().infoHash()), options);
    }

    /**
     * Gets the metadata from many peers at once: each is asked for other pieces, a piece that does not come is asked
     * from another, and a peer that lies, about the size or the data, is found out and left aside. Peers that have no
     * metadata yet are asked as soon as they say they have. Nothing is sent before the subscription or after a
     * cancellation; the wires stay open, but for that of a peer that floods us: see {@link #TOLERATED}.
     *
     * @param candidates wires of the torrent with this extension, as they are made; one that ends is forgotten
     * @param hashes what the result is checked against
     * @return the metadata, verified, on the scheduler of the options. Fails with {@link MetadataException} when no
     *     peer is left and no other will come, when nothing useful has come for {@link MetadataOptions#idleTimeout()},
     *     or when it was complete but wrong for {@link MetadataOptions#maxAttempts()} times; with {@link
     *     IllegalArgumentException} if a wire does not have the extension
     */
    public static Mono<Metadata> fetch(Flux<? extends Wire> candidates, InfoHashes hashes, MetadataOptions options) {
        return MetadataFetch.from(candidates, hashes, options, UtMetadata::channel);
    }
}
