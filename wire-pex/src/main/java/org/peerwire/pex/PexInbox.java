/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.peerwire.Wire;
import org.peerwire.extension.ExtensionChannel;
import reactor.core.publisher.Flux;

/**
 * The peer exchange messages received on one wire. Each message is decoded and checked against the rate once, for all
 * subscribers together; each subscriber has a {@link PexMemory}.
 */
final class PexInbox {
    private final Wire wire;
    private final ExtensionChannel channel;
    private final PexOptions options;
    private final Consumer<PexIgnored> ignored;
    private final PexReader reader;

    /** A field, because the channel compares decoders by identity. */
    private final Function<ByteBuf, @Nullable PexMessage> decoder = this::decode;

    PexInbox(Wire wire, ExtensionChannel channel, PexOptions options, Consumer<PexIgnored> ignored) {
        this.wire = wire;
        this.channel = channel;
        this.options = options;
        this.ignored = ignored;
        this.reader = new PexReader(options, ignored);
    }

    private @Nullable PexMessage decode(ByteBuf payload) {
        return PrivateTorrents.isPrivate(wire) ? null : reader.read(payload);
    }

    /** Returns the messages from the subscription on; closes the wire if the peer exceeds the rate too often. */
    Flux<PexMessage> messages() {
        return channel.<PexMessage>inbound(decoder).doOnError(PexException.class, e -> wire.dispose());
    }

    /** Returns the changes that the messages make to the memory of one subscriber. */
    Flux<PeerEvent> events(PexMemory memory) {
        return memory.events(messages());
    }

    /** Creates the memory of a subscriber that counts what it ignores. */
    PexMemory memory(Predicate<? super InetSocketAddress> proven) {
        return new PexMemory(options, wire.remoteAddress(), this::isOurs, proven, ignored);
    }

    private boolean isOurs(InetSocketAddress peer) {
        return PeerAddresses.isOurs(wire, peer);
    }

    /** Creates a memory without counters, in which each address counts as proven. */
    PexMemory silentMemory() {
        return new PexMemory(options, wire.remoteAddress(), this::isOurs, peer -> true, reason -> {});
    }
}
