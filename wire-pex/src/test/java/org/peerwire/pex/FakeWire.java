/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.peerwire.BlockExchange;
import org.peerwire.EncryptionMethod;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.MessageSink;
import org.peerwire.PeerId;
import org.peerwire.PeerState;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireStats;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.ExtensionChannel;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A wire whose other end is the test: what the peer says goes in by hand, what it is sent can be looked at. */
final class FakeWire implements Wire {
    static final InfoHash HASH = InfoHash.parse("0102030405060708090a0b0c0d0e0f1011121314");

    /** Our end of each wire. */
    static final InetSocketAddress SELF = Peers.peer("81.2.70.1:51413");

    Optional<EncryptionMethod> encryption = Optional.empty();
    private final boolean initiator;
    private final SocketAddress remote;
    private LocalPeer local;
    private final Sinks.Many<ByteBuf> received = Sinks.many().multicast().directAllOrNothing();
    private final Sinks.Many<ExtendedHandshake> handshakes =
            Sinks.many().replay().latest();
    private final Sinks.Many<PeerState> states = Sinks.many().replay().latest();
    private final Sinks.Many<Message> messages = Sinks.many().multicast().directBestEffort();
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private final List<PexMessage> sent = new ArrayList<>();
    private final List<String> sentHex = new ArrayList<>();
    private PieceSet pieces = PieceSet.empty();
    private boolean supported;
    private boolean refusing;
    private boolean stuck;
    private boolean disposed;

    private FakeWire(boolean initiator, SocketAddress remote, LocalPeer local) {
        this.initiator = initiator;
        this.remote = remote;
        this.local = local;
        states.tryEmitNext(PeerState.INITIAL);
    }

    /** We have dialled the address. */
    static FakeWire dialled(String address, PexOptions options) {
        return new FakeWire(true, Peers.peer(address), self(options, null));
    }

    /** The address has dialled us. */
    static FakeWire accepted(String address, PexOptions options) {
        return new FakeWire(false, Peers.peer(address), self(options, null));
    }

    static FakeWire of(String address, LocalPeer local) {
        return new FakeWire(true, Peers.peer(address), local);
    }

    static LocalPeer self(PexOptions options, @Nullable TorrentShape shape) {
        LocalPeer self = LocalPeer.of(HASH, PeerId.random()).withExtension(UtPex.create(options));
        return shape == null ? self : self.withShape(shape);
    }

    // ---- the peer's side ----

    /** The peer's extended handshake comes, with ut_pex in it. */
    FakeWire introduce(UnaryOperator<ExtendedHandshake.Builder> more) {
        supported = true;
        handshakes.tryEmitNext(
                more.apply(ExtendedHandshake.builder().extension(UtPex.NAME, 1)).build());
        return this;
    }

    FakeWire introduce() {
        return introduce(builder -> builder);
    }

    void withdraw() {
        supported = false;
        handshakes.tryEmitNext(ExtendedHandshake.builder().disable(UtPex.NAME).build());
    }

    /** From now on sending fails although the peer seems to support it. */
    void refuse(boolean refusing) {
        this.refusing = refusing;
    }

    /** The torrent turns out to be private, and the messages of the peer still come. */
    void turnPrivate() {
        local = local.withShape(new TorrentShape(1 << 20, 1 << 14, true));
    }

    /** From now on nothing that is sent gets to the socket. */
    void stick() {
        stuck = true;
    }

    void say(PexMessage message) {
        received.tryEmitNext(message.encode());
    }

    void sayHex(String payload) {
        received.tryEmitNext(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(payload)));
    }

    void have(PieceSet pieces) {
        this.pieces = pieces;
        states.tryEmitNext(new PeerState(true, true, true, false));
    }

    /** The peer's pieces become these by this message, and no state changes. */
    void have(PieceSet pieces, Message message) {
        this.pieces = pieces;
        messages.tryEmitNext(message);
    }

    void end() {
        messages.tryEmitComplete();
        received.tryEmitComplete();
        handshakes.tryEmitComplete();
        states.tryEmitComplete();
        closed.tryEmitEmpty();
    }

    void fail(RuntimeException cause) {
        received.tryEmitError(cause);
        handshakes.tryEmitError(cause);
        states.tryEmitError(cause);
        closed.tryEmitError(cause);
    }

    /** What has been sent since the last call. */
    List<PexMessage> takeSent() {
        List<PexMessage> all = List.copyOf(sent);
        sent.clear();
        return all;
    }

    List<String> sentHex() {
        return sentHex;
    }

    int subscribers() {
        return received.currentSubscriberCount();
    }

    // ---- the wire ----

    @Override
    public ExtensionChannel extension(String name) {
        if (local.extensions().stream().noneMatch(extension -> extension.name().equals(name))) {
            throw new IllegalArgumentException(name);
        }
        return new ExtensionChannel() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public boolean supported() {
                return supported;
            }

            @Override
            public Flux<ByteBuf> inbound() {
                return received.asFlux();
            }

            @Override
            public <T> Flux<T> inbound(Function<? super ByteBuf, ? extends @Nullable T> decoder) {
                return received.asFlux().mapNotNull(decoder);
            }

            @Override
            public Mono<Void> send(ByteBuf payload) {
                Mono<Void> sending = Mono.fromRunnable(() -> {
                    if (!supported || refusing) {
                        throw new IllegalStateException("not supported");
                    }
                    sentHex.add(ByteBufUtil.hexDump(payload));
                    sent.add(PexMessage.decode(payload, Integer.MAX_VALUE, Integer.MAX_VALUE, reason -> {}));
                });
                return stuck ? sending.then(Mono.never()) : sending;
            }
        };
    }

    @Override
    public LocalPeer local() {
        return local;
    }

    @Override
    public Optional<TorrentShape> torrent() {
        return Optional.ofNullable(local.shape());
    }

    @Override
    public Handshake remote() {
        return new Handshake(Features.DEFAULT, HASH, PeerId.random());
    }

    @Override
    public Features features() {
        return Features.DEFAULT;
    }

    @Override
    public SocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public SocketAddress localAddress() {
        return SELF;
    }

    @Override
    public boolean peerHas(int piece) {
        return pieces.contains(piece);
    }

    @Override
    public Mono<Void> announce(PieceSet pieces) {
        throw new UnsupportedOperationException();
    }

    InetSocketAddress inetAddress() {
        return (InetSocketAddress) remote;
    }

    @Override
    public boolean initiator() {
        return initiator;
    }

    @Override
    public Optional<EncryptionMethod> encryption() {
        return encryption;
    }

    @Override
    public Flux<Message> inbound() {
        return messages.asFlux();
    }

    @Override
    public MessageSink outbound() {
        throw new UnsupportedOperationException();
    }

    @Override
    public PeerState state() {
        return PeerState.INITIAL;
    }

    @Override
    public Flux<PeerState> states() {
        return states.asFlux();
    }

    @Override
    public PieceSet peerPieces() {
        return pieces;
    }

    @Override
    public List<Integer> peerAllowedFast() {
        return List.of();
    }

    @Override
    public List<Integer> peerSuggested() {
        return List.of();
    }

    @Override
    public BlockExchange blocks() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Mono<ExtendedHandshake> extendedHandshake() {
        return handshakes.asFlux().next();
    }

    @Override
    public Flux<ExtendedHandshake> extendedHandshakes() {
        return handshakes.asFlux();
    }

    @Override
    public Mono<Void> readvertise(UnaryOperator<ExtendedHandshake.Builder> changes) {
        return Mono.empty();
    }

    @Override
    public Mono<Void> shape(TorrentShape shape) {
        return Mono.empty();
    }

    @Override
    public Mono<Void> dontHave(int piece) {
        return Mono.empty();
    }

    @Override
    public WireStats stats() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(this::end);
    }

    @Override
    public Mono<Void> onClose() {
        return closed.asMono();
    }

    @Override
    public void dispose() {
        disposed = true;
        end();
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }
}
