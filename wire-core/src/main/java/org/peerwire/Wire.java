/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.net.SocketAddress;
import java.time.Duration;
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
 * An open connection to one peer. Returned by {@link WireClient} and {@link WireServer}; not to be implemented by
 * users.
 *
 * <p><b>Threads.</b> Every method is thread-safe and does not block. Events of the wire are signalled on its event
 * loop: use {@code publishOn} before code that blocks. A replayed state and a refusal are signalled on the subscribing
 * thread.
 *
 * <p><b>Automatic work</b>, with or without subscribers: the wire sends the extended handshake and keep-alives, tracks
 * choke and interest, matches answers to requests, and checks the peer. A violation ends it with a
 * {@link ProtocolException}.
 *
 * <p><b>End.</b> When the wire ends, every publisher that it returned completes or fails.
 */
public interface Wire extends Disposable {

    /** Returns the peer that this side presented. */
    LocalPeer local();

    /**
     * Returns the shape of the torrent: {@link LocalPeer#shape()}, or the last one given to
     * {@link #shape(TorrentShape)}. Empty before the metadata of a magnet link has arrived.
     */
    Optional<TorrentShape> torrent();

    /**
     * Waits for the shape of the torrent. Emits it at once if it is known, otherwise on the event loop, when a
     * {@link #shape(TorrentShape)} has been checked and applied. Empty if the wire ends first.
     */
    Mono<TorrentShape> awaitTorrent();

    /** Returns the handshake of the peer. */
    Handshake remote();

    /** Returns the features in use: those that both sides announced. */
    Features features();

    /** Returns the address of the peer's end of the connection. */
    SocketAddress remoteAddress();

    /**
     * Returns the address of this end of the connection. If this side dialled, its port is not the one that accepts
     * wires.
     */
    SocketAddress localAddress();

    /** Returns true if this side dialled. */
    boolean initiator();

    /**
     * Returns the method agreed in the encrypted handshake of {@link EncryptionPolicy}, or empty after a plain
     * handshake. Does not report TLS.
     */
    Optional<EncryptionMethod> encryption();

    /**
     * Returns the messages of the peer after its handshake, in order. Each subscriber sees every message from its
     * subscription on, without gaps, signalled on the event loop.
     *
     * <p><b>Start.</b> A subscription misses nothing if it is made before the operator that emitted the wire returns.
     * Messages without a subscriber are applied and released. A subscription from another thread takes effect when the
     * event loop runs it. A message sent after subscribing is written later, so its answer is not missed.
     *
     * <p><b>Demand.</b> Each subscriber has a queue. When one holds {@link WireOptions#subscriberQueue()} messages or
     * {@link WireOptions#subscriberBuffer()} bytes, the wire pauses reading, and TCP slows the peer. The pause is for
     * the whole wire, {@link #blocks()} included. The socket is still read up to 64 KiB ahead, so that its end is
     * noticed. Reading resumes when half of every full queue has been taken. A subscriber that takes nothing for
     * {@link WireOptions#stallTimeout()} fails with SLOW_SUBSCRIBER; the wire stays open.
     *
     * <p><b>End.</b> After an orderly end a subscriber receives its queue and then completes. After a failure it fails
     * at once and its queue is discarded. If the connection ends during a pause, the wire first hands out all messages
     * that it has read. A queue may then hold 65,536 extra messages and twice its byte limit; a subscriber over that fails
     * with SLOW_SUBSCRIBER.
     *
     * <p><b>Buffers.</b> See {@link PayloadMode}: by default no message needs a release.
     *
     * @return completes after an orderly end; fails with the {@link WireException} that ended the wire
     */
    Flux<Message> inbound();

    /** Returns the sink for messages to the peer. */
    MessageSink outbound();

    /**
     * Announces the pieces of this side on subscription: have-all or have-none under Fast, else a bitfield (BEP 3, BEP
     * 6). Without Fast and without pieces it sends nothing. Only the extended handshake may leave before it.
     *
     * @param pieces of the capacity of the torrent
     * @return completes when the bytes have been given to the socket; fails as {@link MessageSink#send(Message)}
     */
    Mono<Void> announce(PieceSet pieces);

    /** Returns the current choke and interest state. */
    PeerState state();

    /**
     * Returns the current choke and interest state and each change of it. Skips to the latest for a slow subscriber.
     *
     * @return completes when the wire ends; never fails
     */
    Flux<PeerState> states();

    /** Returns a copy of the peer's pieces. Before the shape is known, a have-all counts as no piece. */
    PieceSet peerPieces();

    /** Returns true if the peer has a piece. The same as {@code peerPieces().contains(piece)}, without the copy. */
    boolean peerHas(int piece);

    /**
     * Returns the pieces that the peer serves even while it chokes this side (BEP 6), oldest first. At most
     * {@link WireLimits#maxAllowedFast()}.
     */
    List<Integer> peerAllowedFast();

    /** Returns the pieces that the peer suggests (BEP 6), newest first. At most {@link WireLimits#maxSuggested()}. */
    List<Integer> peerSuggested();

    /** Returns the exchange that requests and serves blocks. */
    BlockExchange blocks();

    /**
     * Returns the channel of one extension of this side.
     *
     * @throws IllegalArgumentException if the name is not among {@link LocalPeer#extensions()}
     */
    ExtensionChannel extension(String name);

    /**
     * Returns the extension of this side with a type. It leads from the wire to the options and counters of the
     * extension.
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
     * Returns the peer's extended handshake, merged from all that it has sent (BEP 10). Waits for the first.
     *
     * @return completes empty if the peer does not speak the extension protocol, or the wire ends first; never fails
     */
    Mono<ExtendedHandshake> extendedHandshake();

    /**
     * Returns the peer's merged extended handshake and each change of it. Skips to the latest for a slow subscriber.
     *
     * @return completes when the wire ends, or at once if the peer does not speak the extension protocol; never fails
     */
    Flux<ExtendedHandshake> extendedHandshakes();

    /**
     * Sends another extended handshake on subscription (BEP 10): to withdraw an extension, to restore it, or to
     * announce a metadata size. The message holds the keys that the operator adds. It repeats the listed extensions,
     * because some clients stop using an extension that the latest handshake lacks.
     *
     * @param changes adds the keys; called on the subscribing thread
     * @return completes when the bytes have been given to the socket; fails as {@link MessageSink#send(Message)}, so
     *     with {@link IllegalStateException} if the peer does not speak the extension protocol. Fails with
     *     {@link IllegalArgumentException} for an extension that this side lacks or a private torrent forbids
     */
    Mono<Void> readvertise(UnaryOperator<ExtendedHandshake.Builder> changes);

    /**
     * Sets the shape of the torrent on subscription, once the metadata has arrived. The wire checks the peer's earlier
     * messages against it, and withdraws extensions that a private torrent forbids (BEP 27).
     *
     * @return completes when the shape is in use; fails with the {@link ProtocolException} that ended the wire if an
     *     earlier message does not fit
     */
    Mono<Void> shape(TorrentShape shape);

    /**
     * Announces on subscription that this side has lost a piece (BEP 54). Queued requests for it are rejected under
     * Fast and dropped otherwise.
     *
     * @return completes when the bytes have been given to the socket, or at once if the peer does not speak
     *     {@code lt_donthave}; fails as {@link MessageSink#send(Message)}
     */
    Mono<Void> dontHave(int piece);

    /** Returns the current counters. */
    WireStats stats();

    /**
     * Closes the wire on subscription. Refuses the peer's requests that wait, with a reject under Fast, writes the
     * queued messages, and ends the output. Then waits at most one second for the peer to close, because an early close
     * could discard data in flight. After {@link WireOptions#stallTimeout()} the connection is cut.
     *
     * @return completes when the connection is closed; never fails
     */
    Mono<Void> close();

    /**
     * Closes the wire on subscription, as {@link #close()}, but first answers the peer's requests that have arrived.
     * Requests that arrive later are refused: with a reject under Fast, silently otherwise. No request is sent any more.
     * One that has been sent may still be answered until the connection is closed. A second close may only shorten the
     * first one.
     *
     * @param deadline the time until the connection is cut, whatever is left; 1 ms to 365 days, counted by
     *     {@link WireOptions#scheduler()}
     * @return completes when the connection is closed; never fails
     * @throws IllegalArgumentException for a deadline outside the range
     */
    Mono<Void> close(Duration deadline);

    /**
     * Returns the end of the wire, signalled on the event loop or, once it has ended, on the subscribing thread.
     *
     * @return completes after an orderly end of either side; fails with the {@link WireException} that ended the wire
     */
    Mono<Void> onClose();

    /** Closes the wire at once, and discards its queue and the peer's requests without an answer. */
    @Override
    void dispose();
}
