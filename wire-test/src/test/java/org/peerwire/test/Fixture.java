/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.peerwire.Features;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.ProtocolException;
import org.peerwire.RequestException;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireOptions;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;

/** A torrent of ten pieces of four blocks, two of its peers and its bytes, shared by the tests of the engine. */
public final class Fixture {
    public static final int BLOCK = BlockRequest.BLOCK_LENGTH;
    public static final int PIECE = 4 * BLOCK;
    public static final int PIECES = 10;

    /** The shape, whose last piece has three blocks, the last one of 5,000 bytes. */
    public static final TorrentShape SHAPE = TorrentShape.of(9L * PIECE + 2 * BLOCK + 5_000, PIECE);

    public static final Features PLAIN = Features.NONE;
    public static final Features FAST = Features.of(Feature.FAST);
    public static final Features EXTENDED = Features.of(Feature.EXTENSION_PROTOCOL);

    public static final LocalPeer UNSHAPED = LocalPeer.of(
            InfoHash.parse("0102030405060708090a0b0c0d0e0f1011121314"), PeerId.parse("-PW0100-abcdefghijkl"));
    public static final LocalPeer SELF = UNSHAPED.withShape(SHAPE);
    public static final LocalPeer OTHER = LocalPeer.of(UNSHAPED.infoHash(), PeerId.parse("-PW0100-mnopqrstuvwx"))
            .withShape(SHAPE);

    private Fixture() {}

    public static ScriptedPeer peer(Features features) {
        return peer(SELF, features);
    }

    public static ScriptedPeer peer(LocalPeer self, Features features) {
        return peer(self, features, options -> options);
    }

    public static ScriptedPeer peer(LocalPeer self, Features features, UnaryOperator<WireOptions.Builder> options) {
        return ScriptedPeer.dialledBy(self, options, wire -> {}).handshake(features);
    }

    /** Returns a peer that has unchoked the wire. */
    public static ScriptedPeer unchoking(Features features) {
        return peer(features).send(new Message.Unchoke());
    }

    public static BlockRequest block(int piece, int index) {
        int offset = index * BLOCK;
        return new BlockRequest(piece, offset, Math.min(BLOCK, SHAPE.pieceLength(piece) - offset));
    }

    /** Returns the first blocks of the torrent. */
    public static List<BlockRequest> blocks(int count) {
        List<BlockRequest> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(block(i / 4, i % 4));
        }
        return all;
    }

    /** Returns the bytes of a block, which differ between blocks. */
    public static ByteBuf bytes(BlockRequest block) {
        byte[] bytes = new byte[block.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (block.piece() * 31 + (block.offset() + i) * 7 + (block.offset() + i >> 8));
        }
        return Unpooled.wrappedBuffer(bytes);
    }

    public static Message.Piece answer(BlockRequest block) {
        return new Message.Piece(block.piece(), block.offset(), bytes(block));
    }

    public static Message.Request request(BlockRequest block) {
        return new Message.Request(block);
    }

    public static Message.Cancel cancel(BlockRequest block) {
        return new Message.Cancel(block);
    }

    public static Message.RejectRequest reject(BlockRequest block) {
        return new Message.RejectRequest(block);
    }

    /** Returns the blocks of the requests among these messages. */
    public static List<BlockRequest> asked(List<Message> messages) {
        List<BlockRequest> asked = new ArrayList<>();
        for (Message message : messages) {
            if (message instanceof Message.Request request) {
                asked.add(request.block());
            }
        }
        return asked;
    }

    public static Message.Extended extended(ExtendedHandshake handshake) {
        return new Message.Extended(
                0, Unpooled.wrappedBuffer(handshake.dictionary().encoded()));
    }

    /** Reads the wire's extended handshake. */
    public static ExtendedHandshake handshakeOf(ScriptedPeer peer) {
        Message.Extended message = peer.expect(Message.Extended.class);
        return ExtendedHandshake.of(
                Bencode.decode(message.payload(), BencodeLimits.DEFAULT).value());
    }

    /** Stops reading, and makes the wire send until its socket is full. */
    public static ScriptedPeer clog(ScriptedPeer peer) {
        peer.stopReading();
        for (int i = 0; i < 40; i++) {
            peer.wire().outbound().tryEmit(answer(block(0, 0)));
        }
        return peer;
    }

    /** Reads again, and skips the messages that {@link #clog} made the wire send. */
    public static List<Message> unclog(ScriptedPeer peer) {
        peer.startReading();
        List<Message> all = peer.received();
        all.removeIf(message -> message instanceof Message.Piece);
        return all;
    }

    /** Returns the error that ended the wire. */
    public static Throwable end(Wire wire) {
        Recorder<Void> closed = Recorder.of(wire.onClose());
        if (!closed.hasEnded()) {
            throw new AssertionError("the wire has not ended");
        }
        return closed.error();
    }

    public static ProtocolException.Reason violation(ScriptedPeer peer) {
        if (!peer.isClosed()) {
            throw new AssertionError("the wire must be closed");
        }
        return ((ProtocolException) end(peer.wire())).reason();
    }

    public static RequestException.Reason reason(Recorder<?> request) {
        return ((RequestException) request.error()).reason();
    }
}
