/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.engine;

import io.netty.buffer.Unpooled;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.peerwire.BlockExchange;
import org.peerwire.EncryptionMethod;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.LocalPeer;
import org.peerwire.MessageSink;
import org.peerwire.PeerState;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireException;
import org.peerwire.WireStats;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.ExtensionChannel;
import org.peerwire.internal.extension.ExtensionRegistry;
import org.peerwire.internal.loop.Deadlines;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.FutureMono;

/** The user's view of a wire: every method is thread-safe and delegates at once. */
public final class OpenWire implements Wire {
    private final Engine engine;
    private final WireParts parts;
    private final WireContext context;
    private final Handshake remote;
    private final boolean initiator;
    private final @Nullable EncryptionMethod encryption;

    /**
     * Creates the public view of an engine that has not started.
     *
     * @param encryption the method of an encrypted handshake, or null
     */
    public OpenWire(Engine engine, Handshake remote, boolean initiator, @Nullable EncryptionMethod encryption) {
        this.engine = engine;
        this.parts = engine.parts();
        this.context = parts.context;
        this.remote = remote;
        this.initiator = initiator;
        this.encryption = encryption;
    }

    @Override
    public LocalPeer local() {
        return parts.local;
    }

    @Override
    public Optional<TorrentShape> torrent() {
        return Optional.ofNullable(parts.torrent.shape());
    }

    @Override
    public Mono<TorrentShape> awaitTorrent() {
        return parts.torrent.await();
    }

    @Override
    public Handshake remote() {
        return remote;
    }

    @Override
    public Features features() {
        return parts.features;
    }

    @Override
    public SocketAddress remoteAddress() {
        return parts.channel.remoteAddress();
    }

    @Override
    public SocketAddress localAddress() {
        return parts.channel.localAddress();
    }

    @Override
    public boolean initiator() {
        return initiator;
    }

    @Override
    public Optional<EncryptionMethod> encryption() {
        return Optional.ofNullable(encryption);
    }

    @Override
    public Flux<Message> inbound() {
        return parts.hub.flux(message -> true);
    }

    @Override
    public MessageSink outbound() {
        return parts.outbox;
    }

    @Override
    public Mono<Void> announce(PieceSet pieces) {
        boolean fast = parts.features.has(Feature.FAST);
        if (fast && pieces.isComplete()) {
            return parts.outbox.send(new Message.HaveAll());
        }
        if (pieces.cardinality() > 0) {
            return parts.outbox.send(new Message.Bitfield(pieces));
        }
        return fast ? parts.outbox.send(new Message.HaveNone()) : Mono.empty();
    }

    @Override
    public PeerState state() {
        return parts.choke.now();
    }

    @Override
    public Flux<PeerState> states() {
        return parts.choke.watch();
    }

    @Override
    public PieceSet peerPieces() {
        return parts.pieces.snapshot();
    }

    @Override
    public boolean peerHas(int piece) {
        return parts.pieces.has(piece);
    }

    @Override
    public List<Integer> peerAllowedFast() {
        return parts.advice.allowedFast();
    }

    @Override
    public List<Integer> peerSuggested() {
        return parts.advice.suggested();
    }

    @Override
    public BlockExchange blocks() {
        return parts.blocks;
    }

    @Override
    public ExtensionChannel extension(String name) {
        return parts.extensions.channel(name);
    }

    @Override
    public Mono<ExtendedHandshake> extendedHandshake() {
        return extendedHandshakes().next();
    }

    @Override
    public Flux<ExtendedHandshake> extendedHandshakes() {
        return parts.extensions.handshakes();
    }

    @Override
    public Mono<Void> readvertise(UnaryOperator<ExtendedHandshake.Builder> changes) {
        return Mono.defer(() -> parts.outbox.send(ExtensionRegistry.handshake(parts.extensions.build(changes))));
    }

    @Override
    public Mono<Void> shape(TorrentShape shape) {
        Objects.requireNonNull(shape, "shape");
        return Mono.create(sink -> context.run(() -> {
            try {
                engine.learn(shape);
                sink.success();
            } catch (WireException e) {
                sink.error(e);
            }
        }));
    }

    @Override
    public Mono<Void> dontHave(int piece) {
        return Mono.defer(() -> {
            context.run(() -> parts.uploads.onOurDontHave(piece));
            return parts.extensions.peerSupports(ExtensionRegistry.DONT_HAVE)
                    ? extension(ExtensionRegistry.DONT_HAVE)
                            .send(Unpooled.buffer(4).writeInt(piece))
                    : Mono.empty();
        });
    }

    @Override
    public WireStats stats() {
        return context.counters().snapshot();
    }

    @Override
    public Mono<Void> close() {
        return close(false, parts.options.stallTimeout());
    }

    @Override
    public Mono<Void> close(Duration deadline) {
        return close(true, Deadlines.check(deadline));
    }

    private Mono<Void> close(boolean answering, Duration deadline) {
        return Mono.<Void>fromRunnable(() -> context.run(() -> engine.closeInOrder(answering, deadline.toMillis())))
                .then(FutureMono.from(parts.channel.closeFuture()))
                .onErrorComplete();
    }

    /** Returns true if this is the failure of the source that served the wire last, which has been logged. */
    public boolean isFailureOfSource(Throwable failure) {
        return parts.uploads.isFailureOfSource(failure);
    }

    @Override
    public Mono<Void> onClose() {
        return engine.closed();
    }

    @Override
    public void dispose() {
        context.run(() -> context.end(null));
    }

    @Override
    public boolean isDisposed() {
        return context.isEnded();
    }

    @Override
    public String toString() {
        return "Wire[" + remoteAddress() + ", " + remote.peerId() + "]";
    }
}
