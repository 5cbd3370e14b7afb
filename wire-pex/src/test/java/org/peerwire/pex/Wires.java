/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.peerwire.pex.Peers.peer;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.PeerState;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.test.FakeWire;

/** Wires without a connection, and the messages of this module on them. */
final class Wires {
    static final InfoHash HASH = InfoHash.parse("0102030405060708090a0b0c0d0e0f1011121314");

    /** Our end of each wire. */
    static final InetSocketAddress SELF = peer("81.2.70.1:51413");

    private Wires() {}

    /** Returns a wire to an address that we dialled. */
    static FakeWire dialled(String address, PexOptions options) {
        return dialled(address, self(options));
    }

    static FakeWire dialled(String address, LocalPeer local) {
        return FakeWire.builder(local).addresses(SELF, peer(address)).build();
    }

    /** Returns a wire from an address that dialled us. */
    static FakeWire accepted(String address, PexOptions options) {
        return FakeWire.builder(self(options))
                .addresses(SELF, peer(address))
                .initiator(false)
                .build();
    }

    static LocalPeer self(PexOptions options) {
        return self(options, null);
    }

    static LocalPeer self(PexOptions options, @Nullable TorrentShape shape) {
        LocalPeer self = LocalPeer.of(HASH, PeerId.random()).withExtension(UtPex.create(options));
        return shape == null ? self : self.withShape(shape);
    }

    static InetSocketAddress address(Wire wire) {
        return (InetSocketAddress) wire.remoteAddress();
    }

    // ---- the peer's side ----

    /** The peer sends an extended handshake that lists each of our extensions. */
    static FakeWire introduce(FakeWire wire) {
        return introduce(wire, builder -> builder);
    }

    static FakeWire introduce(FakeWire wire, UnaryOperator<ExtendedHandshake.Builder> more) {
        ExtendedHandshake.Builder builder = ExtendedHandshake.builder();
        int id = 1;
        for (Extension extension : wire.local().extensions()) {
            builder.extension(extension.name(), id++);
        }
        return wire.handshake(more.apply(builder).build());
    }

    static void withdraw(FakeWire wire, String extension) {
        wire.handshake(ExtendedHandshake.builder().disable(extension).build());
    }

    /** The torrent turns out to be private, and the messages of the peer still come. */
    static void turnPrivate(FakeWire wire) {
        wire.shape(new TorrentShape(1 << 20, 1 << 14, true)).subscribe();
    }

    static void say(FakeWire wire, PexMessage message) {
        wire.receive(UtPex.NAME, message.encode());
    }

    static void sayHex(FakeWire wire, String extension, String payload) {
        wire.receive(extension, Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(payload)));
    }

    /** The peer has these pieces, and its state changes. */
    static void have(FakeWire wire, PieceSet pieces) {
        wire.have(pieces).state(new PeerState(true, true, true, false));
    }

    /** The peer has these pieces by a message, and its state does not change. */
    static void have(FakeWire wire, PieceSet pieces, Message message) {
        wire.have(pieces).receive(message);
    }

    /** Returns the peer exchange messages sent since the last call. */
    static List<PexMessage> takeSent(FakeWire wire) {
        return wire.takeSent(UtPex.NAME).stream()
                .map(payload -> PexMessage.decode(payload, Integer.MAX_VALUE, Integer.MAX_VALUE, reason -> {}))
                .toList();
    }

    static List<String> takeSentHex(FakeWire wire, String extension) {
        return wire.takeSent(extension).stream().map(ByteBufUtil::hexDump).toList();
    }
}
