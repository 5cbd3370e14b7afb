/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.extension.ExtensionChannel;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One open connection to a peer: who it is, what it says, and a way to answer. Not to be implemented by users.
 *
 * <p><b>Threads.</b> Every method may be called from any thread. What happens on the wire is signalled on its event loop:
 * use {@code publishOn} before anything that blocks. Only what is known at the subscription, a replayed state or a refusal,
 * comes on the subscribing thread.
 *
 * <p><b>What the wire does by itself</b>, with or without a subscriber: the extended handshake, keep-alives, the choke
 * and interest state, the match of answers to requests, checking the peer, and closing when it breaks the protocol.
 *
 * <p><b>End.</b> When the wire ends, every publisher it ever handed out completes or fails.
 */
public interface Wire extends Disposable {

    /** What we presented. */
    LocalPeer local();

    /**
     * Returns how the torrent is cut, as far as it is known now: the shape that {@link LocalPeer#shape()} named, or the last
     * one given to {@link #shape(TorrentShape)}. Empty before the metadata of a magnet link has arrived.
     */
    Optional<TorrentShape> torrent();

    /** What the peer presented. */
    Handshake remote();

    /** The features both sides have: those in use. */
    Features features();

    /** The address of the other side. */
    SocketAddress remoteAddress();

    /** The address of this side: of the connection, not one we accept wires on. */
    SocketAddress localAddress();

    /** Whether we dialled. */
    boolean initiator();

    /**
     * What follows the encrypted handshake of {@link EncryptionPolicy}: RC4, or plaintext. Empty if there was none. TLS is
     * not meant.
     */
    Optional<EncryptionMethod> encryption();

    /**
     * Everything the peer says after its handshake, in order: any number of subscribers, each from its subscription on,
     * without gaps. To miss nothing, subscribe before the operator that emitted the wire returns; messages without a
     * subscriber are applied and released. A subscription from another thread takes effect when the event loop gets to
     * it; what you send after it leaves later, so no answer is missed.
     *
     * <p>A subscriber that takes too little lets its queue fill ({@link WireOptions#subscriberQueue()} messages or
     * {@link WireOptions#subscriberBuffer()} bytes); then the wire stops <em>reading</em>, and TCP slows the peer. This
     * is one stream, so tracked blocks wait too. If that lasts {@link WireOptions#stallTimeout()}, the subscriber fails
     * with SLOW_SUBSCRIBER and the wire goes on without it.
     *
     * @return completes when the wire ends in order and what waits has been taken, fails at once with the {@link WireException} that ended it
     */
    Flux<Message> inbound();

    /** The way out. */
    MessageSink outbound();

    /**
     * Says on subscription which pieces we have, in the shortest form both sides speak: have-all or have-none under Fast,
     * a bitfield otherwise, nothing where there is nothing to say. It has to be the first thing we send (BEP 3, BEP 6).
     *
     * @param pieces of the capacity of the torrent
     * @return completes when it has been given to the socket
     */
    Mono<Void> announce(PieceSet pieces);

    /** Who chokes and who is interested, now. */
    PeerState state();

    /** The state now and each time it changes; completes when the wire ends. A slow subscriber skips to the latest. */
    Flux<PeerState> states();

    /** The pieces the peer has said it has. Before the shape is known, as far as its bitfield and haves tell. */
    PieceSet peerPieces();

    /** Whether the peer has said it has this piece: {@code peerPieces().contains(piece)} without the copy. */
    boolean peerHas(int piece);

    /** The pieces the peer lets us ask for while it chokes us (BEP 6), at most 128, oldest first. */
    List<Integer> peerAllowedFast();

    /** The pieces the peer suggests (BEP 6), at most 16, newest first. */
    List<Integer> peerSuggested();

    /** Asking for blocks and serving them. */
    BlockExchange blocks();

    /**
     * The channel of one of our extensions.
     *
     * @throws IllegalArgumentException if it is not among {@link LocalPeer#extensions()}
     */
    ExtensionChannel extension(String name);

    /**
     * Returns our extension of a type, to find its options and counters from the wire alone.
     *
     * @param type the class of the extension
     * @throws IllegalArgumentException if none of {@link LocalPeer#extensions()} is of the type
     */
    default <E extends Extension> E extension(Class<E> type) {
        return local().extensions().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the extensions of the wire must include "
                        + type.getSimpleName() + ", were "
                        + local().extensions().stream().map(Extension::name).toList()));
    }

    /**
     * The peer's extended handshake: what holds now, all it has sent merged. Waits for the first; empty if the peer does
     * not speak the extension protocol or the wire ends first.
     */
    Mono<ExtendedHandshake> extendedHandshake();

    /** The same now and each time it changes; completes when the wire ends. A slow subscriber skips to the latest. */
    Flux<ExtendedHandshake> extendedHandshakes();

    /**
     * Sends another extended handshake on subscription: to withdraw an extension, to bring it back, to tell a metadata
     * size that has become known. Only what the operator adds is sent.
     *
     * @return completes when it has been given to the socket; fails with {@link IllegalStateException} when the peer does
     *     not speak the extension protocol
     */
    Mono<Void> readvertise(UnaryOperator<ExtendedHandshake.Builder> changes);

    /**
     * Tells the wire on subscription how the torrent is cut, once the metadata has come. What the peer has said so far is checked
     * against it, and the wire ends with a {@link ProtocolException} if it does not fit. If the torrent is private,
     * extensions that do not allow that are withdrawn.
     */
    Mono<Void> shape(TorrentShape shape);

    /**
     * Says on subscription that we no longer have a piece (BEP 54), if the peer understands that; queued requests for it are rejected
     * under Fast and dropped otherwise.
     */
    Mono<Void> dontHave(int piece);

    /** The counters, now. */
    WireStats stats();

    /** On subscription writes what is queued, then closes; completes when the connection is closed. */
    Mono<Void> close();

    /** Completes when the wire has ended in order, whoever ended it; fails with what else ended it. */
    Mono<Void> onClose();

    /** Closes at once; what is queued is dropped. */
    @Override
    void dispose();
}
