/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeValue;

/** The messages of BEP 9, after the id of the extension: a dictionary, followed by a piece in a data message. */
sealed interface MetadataMessage {

    /** The length of every piece except the last, in bytes. */
    int PIECE_LENGTH = 16 * 1024;

    /** A request for a piece. The peer may send any number. */
    record Request(long piece) implements MetadataMessage {}

    /** A piece, and the total size according to the sender, or -1. Has no useful {@code equals}. */
    @SuppressWarnings("ArrayRecordComponent")
    record Data(long piece, long totalSize, byte[] bytes) implements MetadataMessage {}

    /** A refusal of a piece. */
    record Reject(long piece) implements MetadataMessage {}

    /** A message of an unknown type, which a later specification may define. */
    record Other(long type) implements MetadataMessage {}

    /** Bytes that are not a dictionary with a type and a piece. */
    record Malformed() implements MetadataMessage {}

    /**
     * Reads a message to its end. Only the bencode decoder knows where the dictionary ends. Skips unknown keys, and
     * bytes after a request or a reject. Copies the piece of a data message.
     *
     * @param ignored receives each anomaly
     */
    static MetadataMessage decode(ByteBuf in, Consumer<MetadataIgnored> ignored) {
        MetadataMessage message = new Malformed();
        try {
            Bencode.Decoded header = Bencode.decode(in, BencodeLimits.DEFAULT);
            message = decode(header.value(), in);
            if (!(message instanceof Malformed) && !header.softErrors().isEmpty()) {
                ignored.accept(MetadataIgnored.NOT_CANONICAL);
            }
        } catch (BencodeException e) {
            // stays malformed
        }
        if (message instanceof Malformed) {
            ignored.accept(MetadataIgnored.MALFORMED);
        } else if (message instanceof Other) {
            ignored.accept(MetadataIgnored.UNKNOWN_TYPE);
        } else if (in.isReadable()) {
            ignored.accept(MetadataIgnored.TRAILING_BYTES);
        }
        return message;
    }

    private static MetadataMessage decode(BencodeValue header, ByteBuf rest) {
        OptionalLong type = header.getLong("msg_type");
        OptionalLong piece = header.getLong("piece");
        if (type.isEmpty()) {
            return new Malformed();
        }
        if (type.getAsLong() < 0 || type.getAsLong() > 2) {
            return new Other(type.getAsLong());
        }
        if (piece.isEmpty()) {
            return new Malformed();
        }
        if (type.getAsLong() == 1) {
            long totalSize = header.getLong("total_size").orElse(-1);
            byte[] bytes = new byte[rest.readableBytes()];
            rest.readBytes(bytes);
            return new Data(piece.getAsLong(), totalSize, bytes);
        }
        return type.getAsLong() == 0 ? new Request(piece.getAsLong()) : new Reject(piece.getAsLong());
    }

    static ByteBuf request(int piece) {
        return text("d8:msg_typei0e5:piecei" + piece + "ee");
    }

    static ByteBuf reject(long piece) {
        return text("d8:msg_typei2e5:piecei" + piece + "ee");
    }

    /** Returns the data message with a piece of the metadata, without a copy of its bytes. */
    static ByteBuf data(int piece, byte[] whole) {
        String header = "d8:msg_typei1e5:piecei" + piece + "e10:total_sizei" + whole.length + "ee";
        return Unpooled.wrappedBuffer(
                text(header), Unpooled.wrappedBuffer(whole, piece * PIECE_LENGTH, length(whole.length, piece)));
    }

    private static ByteBuf text(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(US_ASCII));
    }

    /** Returns the number of pieces in metadata of this size. */
    static int count(int size) {
        return (int) ((size + (long) PIECE_LENGTH - 1) / PIECE_LENGTH);
    }

    /** Returns the length of a piece. The last one has the rest, which is a full piece if the size is a multiple. */
    static int length(int size, int piece) {
        return Math.min(PIECE_LENGTH, size - piece * PIECE_LENGTH);
    }
}
