/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.peerwire.EncryptionMethod;
import org.peerwire.Features;
import org.peerwire.LocalPeer;
import org.peerwire.MessageSink;
import org.peerwire.PeerState;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.ExtensionChannel;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A wire without a connection, whose peer is the test: for unit tests of extensions. The test passes in the messages of
 * the peer, and reads the messages that were sent to it. Applies no rule of the protocol: to test those, use {@link
 * ScriptedPeer} or {@link WirePair}.
 *
 * <pre>{@code
 * FakeWire wire = FakeWire.of(self);
 * wire.handshake(ExtendedHandshake.builder().extension("xx_chat", 1).build());
 * Chat.greet(wire).subscribe();
 * assertThat(wire.takeSent("xx_chat")).containsExactly(hello);
 * wire.receive("xx_chat", answer).end();
 * }</pre>
 *
 * <p><b>Threads.</b> Signals come on the thread of the call that causes them, before it returns. Every method may be
 * called from any thread and from inside a signal. The queue of a subscriber without demand has no limit.
 *
 * <p><b>Unsupported.</b> {@link #announce}, {@link #blocks}, {@link #dontHave} and {@link #stats} throw
 * {@link UnsupportedOperationException}.
 */
public final class FakeWire extends FakeWireFacts {
    private static final InetSocketAddress PEER = new InetSocketAddress("198.51.100.7", 6881);
    private static final InetSocketAddress SELF = new InetSocketAddress("192.0.2.1", 50_001);

    private final Map<String, FakeChannel> channels = new ConcurrentHashMap<>();
    private final Sinks.Many<Message> messages = Emissions.sink();
    private final Sinks.Many<ExtendedHandshake> handshakes =
            Sinks.many().replay().latest();
    private final Sinks.Many<PeerState> states = Sinks.many().replay().latest();
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private final FakeOutbound outbound = new FakeOutbound(this);
    private final List<ExtendedHandshake> readvertised = Collections.synchronizedList(new ArrayList<>());
    private final AtomicReference<@Nullable End> end = new AtomicReference<>();
    private final AtomicReference<ExtendedHandshake> handshake = new AtomicReference<>(ExtendedHandshake.empty());
    private volatile PeerState state = PeerState.INITIAL;

    /** The end of a wire. */
    private record End(@Nullable Throwable cause) {}

    private FakeWire(Builder set) {
        super(set);
        Emissions.emit(() -> states.tryEmitNext(state));
        if (!hasExtensionProtocol()) {
            Emissions.terminate(handshakes, null);
        }
    }

    /** Creates a wire that we dialled, to a peer with {@link Features#DEFAULT} that has sent its handshake only. */
    public static FakeWire of(LocalPeer self) {
        return builder(self).build();
    }

    /** Creates a builder with the values of {@link #of}. */
    public static Builder builder(LocalPeer self) {
        return new Builder(self);
    }

    // ---- the peer's side ----

    /**
     * Receives a message of an extension, also if the peer has not listed the extension.
     *
     * @param payload the bytes after the id, on the heap; the test keeps the ownership
     * @throws IllegalArgumentException if the extension is not among {@link LocalPeer#extensions()}
     */
    public FakeWire receive(String extension, ByteBuf payload) {
        channel(extension).receive(payload);
        return this;
    }

    /** Receives a message for {@link #inbound()}. Changes no state and no pieces. */
    public FakeWire receive(Message message) {
        Emissions.emit(() -> messages.tryEmitNext(message));
        return this;
    }

    /** Receives an extended handshake, which is merged with the ones before it. */
    public FakeWire handshake(ExtendedHandshake latest) {
        ExtendedHandshake merged = handshake.updateAndGet(before -> before.merge(latest));
        Emissions.emit(() -> handshakes.tryEmitNext(merged));
        return this;
    }

    /** Changes the choke and interest state. */
    public FakeWire state(PeerState state) {
        this.state = state;
        Emissions.emit(() -> states.tryEmitNext(state));
        return this;
    }

    /** Changes the pieces of the peer, without a message. */
    public FakeWire have(PieceSet pieces) {
        peerPieces(pieces);
        return this;
    }

    /** Makes every later send fail with {@link IllegalStateException}, as for a peer without the extension. */
    public FakeWire refuseSends(boolean refuse) {
        outbound.refuse(refuse);
        return this;
    }

    /** Stops reading: messages sent from now on are recorded, but their sends do not complete. */
    public FakeWire stopReading() {
        outbound.stopReading();
        return this;
    }

    /** Reads again: the waiting sends complete. */
    public FakeWire startReading() {
        outbound.startReading();
        return this;
    }

    /**
     * Calls the consumer with each payload that is sent from now on, after it was recorded; it replaces the one before.
     */
    public FakeWire onSend(String extension, Consumer<? super ByteBuf> peer) {
        channel(extension).onSend(peer);
        return this;
    }

    /** Returns the payloads sent on an extension since the last call, as heap buffers that need no release. */
    public List<ByteBuf> takeSent(String extension) {
        return channel(extension).takeSent();
    }

    /**
     * Returns the messages sent through {@link #outbound()} since the last call. Their buffers belong to the caller.
     */
    public List<Message> takeSent() {
        return outbound.takeSent();
    }

    /** Returns the changes sent with {@link #readvertise}, the oldest first. */
    public List<ExtendedHandshake> readvertised() {
        synchronized (readvertised) {
            return List.copyOf(readvertised);
        }
    }

    /** Returns the number of subscribers to the messages of an extension. */
    public int subscribers(String extension) {
        return channel(extension).subscribers();
    }

    /** Returns the number of subscribers to all publishers of the wire, including {@link #onClose()}. */
    public int subscribers() {
        return channels.values().stream().mapToInt(FakeChannel::subscribers).sum()
                + messages.currentSubscriberCount()
                + handshakes.currentSubscriberCount()
                + states.currentSubscriberCount()
                + closed.currentSubscriberCount();
    }

    /** Ends the wire in order: every publisher completes, {@link #onClose()} last. */
    public void end() {
        terminate(null);
    }

    /** Ends the wire with an error: every publisher fails with it, {@link #onClose()} last. */
    public void fail(Throwable cause) {
        terminate(cause);
    }

    private void terminate(@Nullable Throwable cause) {
        if (!end.compareAndSet(null, new End(cause))) {
            return;
        }
        Emissions.terminate(messages, cause);
        channels.values().forEach(channel -> channel.end(cause));
        Emissions.terminate(handshakes, cause);
        Emissions.terminate(states, cause);
        endTorrent();
        Emissions.emit(() -> cause == null ? closed.tryEmitEmpty() : closed.tryEmitError(cause));
    }

    // ---- shared with the parts of the wire ----

    /** Ends a publisher if the wire has ended. Call it after the publisher is where {@link #terminate} finds it. */
    void endIfEnded(Consumer<@Nullable Throwable> publisher) {
        End ended = end.get();
        if (ended != null) {
            publisher.accept(ended.cause());
        }
    }

    FakeOutbound out() {
        return outbound;
    }

    boolean peerSupports(String name) {
        return hasExtensionProtocol() && handshake.get().supports(name);
    }

    private boolean hasExtensionProtocol() {
        return features().has(Feature.EXTENSION_PROTOCOL);
    }

    private FakeChannel channel(String name) {
        idOf(name); // throws for an extension that we do not have
        FakeChannel channel = channels.computeIfAbsent(name, absent -> new FakeChannel(this, name));
        endIfEnded(channel::end);
        return channel;
    }

    // ---- the wire ----

    @Override
    public Flux<Message> inbound() {
        return messages.asFlux().onBackpressureBuffer();
    }

    /** {@inheritDoc} Records the messages for {@link #takeSent()}. */
    @Override
    public MessageSink outbound() {
        return outbound;
    }

    @Override
    public PeerState state() {
        return state;
    }

    @Override
    public Flux<PeerState> states() {
        return states.asFlux().onBackpressureLatest();
    }

    @Override
    public ExtensionChannel extension(String name) {
        return channel(name);
    }

    @Override
    public Mono<ExtendedHandshake> extendedHandshake() {
        return extendedHandshakes().next();
    }

    @Override
    public Flux<ExtendedHandshake> extendedHandshakes() {
        return handshakes.asFlux().onBackpressureLatest();
    }

    /** {@inheritDoc} Records the changes for {@link #readvertised()}. */
    @Override
    public Mono<Void> readvertise(UnaryOperator<ExtendedHandshake.Builder> changes) {
        return outbound.sending(
                "the extension protocol",
                this::hasExtensionProtocol,
                () -> readvertised.add(
                        changes.apply(new ExtendedHandshake.Builder(this::idOf)).build()));
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(this::end);
    }

    @Override
    public Mono<Void> onClose() {
        return closed.asMono();
    }

    /** Ends the wire in order. */
    @Override
    public void dispose() {
        end();
    }

    @Override
    public boolean isDisposed() {
        return end.get() != null;
    }

    /** Sets up a wire. */
    public static final class Builder {
        final LocalPeer self;
        Features features = Features.DEFAULT;
        SocketAddress remoteAddress = PEER;
        SocketAddress localAddress = SELF;
        boolean initiator = true;

        @Nullable
        EncryptionMethod encryption;

        private Builder(LocalPeer self) {
            this.self = self;
        }

        /** Sets the features of the peer. */
        public Builder features(Features features) {
            this.features = features;
            return this;
        }

        /** Sets the addresses of this side and of the peer. */
        public Builder addresses(SocketAddress local, SocketAddress remote) {
            this.localAddress = local;
            this.remoteAddress = remote;
            return this;
        }

        /** Sets the side that dialled: true for us, false for the peer. */
        public Builder initiator(boolean initiator) {
            this.initiator = initiator;
            return this;
        }

        /** Sets the encryption that {@link FakeWire#encryption()} reports. */
        public Builder encryption(EncryptionMethod method) {
            this.encryption = method;
            return this;
        }

        /** Creates the wire. Use the builder for one wire only. */
        public FakeWire build() {
            return new FakeWire(this);
        }
    }
}
