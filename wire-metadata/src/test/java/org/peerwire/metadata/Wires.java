/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.peerwire.Features;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.test.FakeWire;

/** Fake wires with this extension, and its messages on them. */
final class Wires {
    private static final PeerId SELF = PeerId.parse("-PW0000-abcdefghijkl");

    private Wires() {}

    static LocalPeer self(InfoHash hash, UtMetadata extension) {
        return LocalPeer.of(hash, SELF).withExtension(extension);
    }

    /** Returns a wire whose peer has sent no extended handshake. */
    static FakeWire open(InfoHash hash, UtMetadata extension) {
        return FakeWire.of(self(hash, extension));
    }

    /** Returns a wire whose peer supports the extension and claims no size. */
    static FakeWire listed(InfoHash hash, UtMetadata extension) {
        return claim(open(hash, extension), 0);
    }

    static FakeWire withoutExtensionProtocol(InfoHash hash) {
        return FakeWire.builder(self(hash, UtMetadata.fetching()))
                .features(Features.NONE)
                .build();
    }

    /** Returns a wire whose peer claims a size and answers each request at once. */
    static FakeWire answering(InfoHash hash, long size, Swarm.Manners manners) {
        FakeWire wire = claim(open(hash, UtMetadata.fetching()), size);
        wire.onSend(UtMetadata.NAME, payload -> {
            MetadataMessage answer = decode(payload) instanceof MetadataMessage.Request request
                    ? manners.answer((int) request.piece())
                    : null;
            if (answer != null) {
                say(wire, encode(answer));
            }
        });
        return wire;
    }

    // ---- the peer's side ----

    /** Receives an extended handshake: with a negative size without the extension, with 0 without a size. */
    static FakeWire claim(FakeWire wire, long size) {
        ExtendedHandshake.Builder builder = ExtendedHandshake.builder();
        if (size >= 0) {
            builder.extension(UtMetadata.NAME, 1);
        }
        if (size > 0) {
            builder.metadataSize(size);
        }
        return wire.handshake(builder.build());
    }

    static void say(FakeWire wire, ByteBuf payload) {
        wire.receive(UtMetadata.NAME, payload);
    }

    static void say(FakeWire wire, String payload) {
        say(wire, Unpooled.wrappedBuffer(payload.getBytes(US_ASCII)));
    }

    /** Returns the messages sent since the last call. */
    static List<MetadataMessage> takeSent(FakeWire wire) {
        return wire.takeSent(UtMetadata.NAME).stream().map(Wires::decode).toList();
    }

    /** Returns true if a fetch or a server listens, in addition to the flood check. */
    static boolean isHeard(FakeWire wire) {
        return wire.subscribers(UtMetadata.NAME) > 1;
    }

    // ---- messages ----

    static MetadataMessage decode(ByteBuf payload) {
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
        throw new IllegalArgumentException("message must be data or a reject, was " + message);
    }
}
