/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.peerwire.Features;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.ExtensionChannel;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A wire of which only the part exists that metadata needs; the test plays the peer. */
final class FakeWire implements ExtensionChannel {
    final List<MetadataMessage> sent = Collections.synchronizedList(new ArrayList<>());
    final List<ExtendedHandshake> readvertised = new ArrayList<>();
    final Sinks.Many<ByteBuf> inbound = Sinks.many().multicast().directBestEffort();
    final Sinks.Many<ExtendedHandshake> handshakes = Sinks.many().replay().latest();
    final Sinks.Empty<Void> end = Sinks.empty();
    final Wire wire;

    private final LocalPeer local;
    private final boolean extended;
    private Consumer<MetadataMessage> peer = message -> {};

    FakeWire(InfoHash infoHash, boolean extended) {
        this.local =
                LocalPeer.of(infoHash, PeerId.parse("-PW0000-abcdefghijkl")).withExtension(UtMetadata.fetching());
        this.extended = extended;
        this.wire = (Wire) Proxy.newProxyInstance(
                Wire.class.getClassLoader(),
                new Class<?>[] {Wire.class},
                (self, method, arguments) -> call(self, method.getName(), arguments));
    }

    /** A peer that answers each request at once. */
    static FakeWire with(InfoHash infoHash, long size, Swarm.Manners manners) {
        FakeWire fake = new FakeWire(infoHash, true);
        fake.shakeHands(size);
        fake.peer(message -> {
            MetadataMessage answer =
                    message instanceof MetadataMessage.Request request ? manners.answer((int) request.piece()) : null;
            if (answer != null) {
                fake.say(encode(answer));
            }
        });
        return fake;
    }

    private Object call(Object self, String method, Object @Nullable [] arguments) {
        Object argument = arguments == null ? "" : arguments[0];
        return switch (method) {
            case "local" -> local;
            case "features" -> extended ? Features.DEFAULT : Features.NONE;
            case "extension" -> extension(argument);
            case "extendedHandshakes" -> handshakes.asFlux();
            case "onClose" -> end.asMono();
            case "readvertise" -> Mono.fromRunnable(() -> readvertise(argument));
            case "equals" -> self == argument;
            case "hashCode" -> System.identityHashCode(this);
            default -> method;
        };
    }

    private ExtensionChannel extension(Object name) {
        if (!name.equals(UtMetadata.NAME)) {
            throw new IllegalArgumentException("no such extension");
        }
        return this;
    }

    @SuppressWarnings("unchecked")
    private void readvertise(Object changes) {
        UnaryOperator<ExtendedHandshake.Builder> operator = (UnaryOperator<ExtendedHandshake.Builder>) changes;
        readvertised.add(operator.apply(ExtendedHandshake.builder()).build());
    }

    void peer(Consumer<MetadataMessage> peer) {
        this.peer = peer;
    }

    /** The peer's extended handshake; a negative size is one without the extension. */
    void shakeHands(long size) {
        ExtendedHandshake.Builder builder = ExtendedHandshake.builder();
        if (size >= 0) {
            builder.extension(UtMetadata.NAME, 1);
        }
        if (size > 0) {
            builder.metadataSize(size);
        }
        handshakes.tryEmitNext(builder.build());
    }

    void say(ByteBuf payload) {
        inbound.tryEmitNext(payload);
    }

    void close() {
        handshakes.tryEmitComplete();
        inbound.tryEmitComplete();
        end.tryEmitEmpty();
    }

    /** Whether anybody listens but the guard, which does so until the wire ends. */
    boolean isHeard() {
        return inbound.currentSubscriberCount() > 1;
    }

    static @Nullable MetadataMessage decode(ByteBuf payload) {
        return MetadataMessage.decode(payload, kind -> {});
    }

    static ByteBuf encode(MetadataMessage message) {
        if (message instanceof MetadataMessage.Data data) {
            String header = "d8:msg_typei1e5:piecei" + data.piece() + "e10:total_sizei" + data.totalSize() + "ee";
            return Unpooled.wrappedBuffer(header.getBytes(US_ASCII), data.bytes());
        }
        if (message instanceof MetadataMessage.Reject reject) {
            return MetadataMessage.reject(reject.piece());
        }
        throw new IllegalArgumentException(message.toString());
    }

    @Override
    public String name() {
        return UtMetadata.NAME;
    }

    @Override
    public boolean supported() {
        return true;
    }

    @Override
    public Flux<ByteBuf> inbound() {
        return inbound.asFlux().onBackpressureBuffer().map(ByteBuf::duplicate);
    }

    @Override
    public <T> Flux<T> inbound(Function<? super ByteBuf, ? extends @Nullable T> decoder) {
        return inbound().mapNotNull(decoder);
    }

    @Override
    public Mono<Void> send(ByteBuf payload) {
        return Mono.fromRunnable(() -> {
            MetadataMessage message = decode(payload);
            if (message != null) {
                sent.add(message);
                peer.accept(message);
            }
        });
    }
}
