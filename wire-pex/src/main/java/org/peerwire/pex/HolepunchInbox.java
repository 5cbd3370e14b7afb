/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.peerwire.Wire;
import org.peerwire.extension.ExtensionChannel;
import reactor.core.publisher.Flux;

/** The holepunch messages received on one wire. Each message is decoded once, for all subscribers together. */
final class HolepunchInbox {
    private final Wire wire;
    private final ExtensionChannel channel;
    private final Consumer<HolepunchIgnored> ignored;

    /** A field, because the channel compares decoders by identity. */
    private final Function<ByteBuf, @Nullable HolepunchMessage> decoder = this::decode;

    HolepunchInbox(Wire wire, ExtensionChannel channel, Consumer<HolepunchIgnored> ignored) {
        this.wire = wire;
        this.channel = channel;
        this.ignored = ignored;
    }

    /** Returns the messages from the subscription on. */
    Flux<HolepunchMessage> messages() {
        return channel.inbound(decoder);
    }

    private @Nullable HolepunchMessage decode(ByteBuf payload) {
        if (PrivateTorrents.isPrivate(wire)) {
            return null;
        }
        if (!channel.supported()) { // BEP 55: ignore the messages of a peer that does not list the extension
            ignored.accept(HolepunchIgnored.UNSUPPORTED);
            return null;
        }
        return HolepunchMessage.decode(payload, ignored).orElse(null);
    }
}
