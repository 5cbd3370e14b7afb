/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import io.netty.buffer.Unpooled;
import java.net.SocketAddress;
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
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

/** The wire as the user sees it: any thread, and nothing but handing on. */
final class OpenWire implements Wire {
    private final Connection connection;
    private final LocalPeer local;
    private final Handshake remote;
    private final boolean initiator;
    private final @Nullable EncryptionMethod encryption;
    private final Features features;
    private final Engine engine;
    private final Conversation conversation;
    private final InboundHub hub;
    private final Counters counters;

    OpenWire(
            Connection connection,
            LocalPeer local,
            Handshake remote,
            boolean initiator,
            @Nullable EncryptionMethod encryption,
            Features features,
            Engine engine,
            Conversation conversation,
            InboundHub hub,
            Counters counters) {
        this.connection = connection;
        this.local = local;
        this.remote = remote;
        this.initiator = initiator;
        this.encryption = encryption;
        this.features = features;
        this.engine = engine;
        this.conversation = conversation;
        this.hub = hub;
        this.counters = counters;
    }

    @Override
    public LocalPeer local() {
        return local;
    }

    @Override
    public Optional<TorrentShape> torrent() {
        return Optional.ofNullable(conversation.torrent.shape());
    }

    @Override
    public Handshake remote() {
        return remote;
    }

    @Override
    public Features features() {
        return features;
    }

    @Override
    public SocketAddress remoteAddress() {
        return connection.channel().remoteAddress();
    }

    @Override
    public SocketAddress localAddress() {
        return connection.channel().localAddress();
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
        return hub.flux(message -> true);
    }

    @Override
    public MessageSink outbound() {
        return conversation.outbox;
    }

    @Override
    public Mono<Void> announce(PieceSet pieces) {
        boolean fast = features.has(Feature.FAST);
        if (fast && pieces.isComplete()) {
            return conversation.outbox.send(new Message.HaveAll());
        }
        if (pieces.cardinality() > 0) {
            return conversation.outbox.send(new Message.Bitfield(pieces));
        }
        return fast ? conversation.outbox.send(new Message.HaveNone()) : Mono.empty();
    }

    @Override
    public PeerState state() {
        return conversation.states.now();
    }

    @Override
    public Flux<PeerState> states() {
        return conversation.states.watch();
    }

    @Override
    public PieceSet peerPieces() {
        return conversation.pieces.snapshot();
    }

    @Override
    public boolean peerHas(int piece) {
        return conversation.pieces.has(piece);
    }

    @Override
    public List<Integer> peerAllowedFast() {
        return conversation.advice.allowedFast();
    }

    @Override
    public List<Integer> peerSuggested() {
        return conversation.advice.suggested();
    }

    @Override
    public BlockExchange blocks() {
        return conversation.blocks;
    }

    @Override
    public ExtensionChannel extension(String name) {
        return conversation.extensions.channel(name);
    }

    @Override
    public Mono<ExtendedHandshake> extendedHandshake() {
        return extendedHandshakes().next();
    }

    @Override
    public Flux<ExtendedHandshake> extendedHandshakes() {
        return conversation.extensions.handshakes();
    }

    @Override
    public Mono<Void> readvertise(UnaryOperator<ExtendedHandshake.Builder> changes) {
        return Mono.defer(() -> conversation.outbox.send(Extensions.handshake(conversation.extensions.build(changes))));
    }

    @Override
    public Mono<Void> shape(TorrentShape shape) {
        Objects.requireNonNull(shape, "shape");
        return Mono.create(sink -> engine.onLoop(() -> {
            try {
                conversation.learn(shape);
                sink.success();
            } catch (WireException e) {
                engine.terminate(e);
                sink.error(e);
            }
        }));
    }

    @Override
    public Mono<Void> dontHave(int piece) {
        return Mono.defer(() -> {
            engine.onLoop(() -> conversation.uploads.onOurDontHave(piece));
            return conversation.extensions.peerSupports(Extensions.DONT_HAVE)
                    ? extension(Extensions.DONT_HAVE).send(Unpooled.buffer(4).writeInt(piece))
                    : Mono.empty();
        });
    }

    @Override
    public WireStats stats() {
        return counters.snapshot();
    }

    @Override
    public Mono<Void> close() {
        return Mono.<Void>fromRunnable(() -> engine.onLoop(engine::closeInOrder))
                .then(connection.onDispose())
                .onErrorComplete();
    }

    @Override
    public Mono<Void> onClose() {
        return engine.closed();
    }

    @Override
    public void dispose() {
        engine.onLoop(() -> engine.terminate(null));
    }

    @Override
    public boolean isDisposed() {
        return engine.isTerminated();
    }

    @Override
    public String toString() {
        return "Wire[" + remoteAddress() + ", " + remote.peerId() + "]";
    }
}
