/* SPDX-License-Identifier: MIT */
package org.peerwire.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * A codec for messages, without state and without a connection, for any transport. Lengths are exact, so a decoded
 * message encodes to the same bytes. Thread-safe.
 */
public final class MessageCodec {
    /** The length of the prefix in bytes. */
    public static final int PREFIX_LENGTH = 4;

    /** The length of id, index and offset before the data of a piece message, in bytes. */
    public static final int PIECE_HEADER_LENGTH = 9;

    private static final int HASH_LENGTH = 32;
    private static final int HASH_RANGE_LENGTH = MerkleRoot.LENGTH + 16;

    private static final Message KEEP_ALIVE = new Message.KeepAlive();
    private static final Message CHOKE = new Message.Choke();
    private static final Message UNCHOKE = new Message.Unchoke();
    private static final Message INTERESTED = new Message.Interested();
    private static final Message NOT_INTERESTED = new Message.NotInterested();
    private static final Message HAVE_ALL = new Message.HaveAll();
    private static final Message HAVE_NONE = new Message.HaveNone();

    private MessageCodec() {}

    /** Returns the value of a message's length prefix: the number of bytes after the prefix. */
    public static int length(Message message) {
        MessageType type = message.type();
        return switch (type) {
            case KEEP_ALIVE -> 0;
            case CHOKE,
                    UNCHOKE,
                    INTERESTED,
                    NOT_INTERESTED,
                    HAVE,
                    REQUEST,
                    CANCEL,
                    PORT,
                    SUGGEST_PIECE,
                    HAVE_ALL,
                    HAVE_NONE,
                    REJECT_REQUEST,
                    ALLOWED_FAST,
                    HASH_REQUEST,
                    HASH_REJECT -> 1 + type.minLength();
            case BITFIELD -> 1 + ((Message.Bitfield) message).pieces().byteLength();
            case PIECE -> PIECE_HEADER_LENGTH + ((Message.Piece) message).data().readableBytes();
            case EXTENDED -> 2 + ((Message.Extended) message).payload().readableBytes();
            case HASHES ->
                1 + HASH_RANGE_LENGTH + ((Message.Hashes) message).hashes().readableBytes();
            case UNKNOWN -> 1 + ((Message.Unknown) message).payload().readableBytes();
        };
    }

    /**
     * Writes a whole message with its prefix. Copies the buffer of a {@link Buffered} message without releasing or
     * moving it.
     */
    public static void encode(Message message, ByteBuf out) {
        encodeHead(message, out);
        if (message instanceof Buffered buffered) {
            ByteBuf content = buffered.content();
            out.writeBytes(content, content.readerIndex(), content.readableBytes());
        }
    }

    /** Writes a message up to its buffer, if any, so that the caller can write the buffer without a copy. */
    public static void encodeHead(Message message, ByteBuf out) {
        out.writeInt(length(message));
        MessageType type = message.type();
        if (type.id() >= 0) {
            out.writeByte(type.id());
        }
        encodeBody(message, out);
    }

    /** Returns {@code out}. A switch expression, so that the compiler reports a missing message. */
    private static ByteBuf encodeBody(Message message, ByteBuf out) {
        return switch (message.type()) {
            case KEEP_ALIVE, CHOKE, UNCHOKE, INTERESTED, NOT_INTERESTED, HAVE_ALL, HAVE_NONE -> out;
            case HAVE -> out.writeInt(((Message.Have) message).piece());
            case BITFIELD -> {
                ((Message.Bitfield) message).pieces().writeTo(out);
                yield out;
            }
            case REQUEST -> encode(((Message.Request) message).block(), out);
            case PIECE -> {
                Message.Piece piece = (Message.Piece) message;
                yield out.writeInt(piece.piece()).writeInt(piece.offset());
            }
            case CANCEL -> encode(((Message.Cancel) message).block(), out);
            case PORT -> out.writeShort(((Message.Port) message).port());
            case SUGGEST_PIECE -> out.writeInt(((Message.SuggestPiece) message).piece());
            case REJECT_REQUEST -> encode(((Message.RejectRequest) message).block(), out);
            case ALLOWED_FAST -> out.writeInt(((Message.AllowedFast) message).piece());
            case EXTENDED -> out.writeByte(((Message.Extended) message).id());
            case HASH_REQUEST -> encode(((Message.HashRequest) message).range(), out);
            case HASHES -> encode(((Message.Hashes) message).range(), out);
            case HASH_REJECT -> encode(((Message.HashReject) message).range(), out);
            case UNKNOWN -> out.writeByte(((Message.Unknown) message).id());
        };
    }

    private static ByteBuf encode(BlockRequest block, ByteBuf out) {
        return out.writeInt(block.piece()).writeInt(block.offset()).writeInt(block.length());
    }

    private static ByteBuf encode(HashRange range, ByteBuf out) {
        range.root().writeTo(out);
        return out.writeInt(range.baseLayer())
                .writeInt(range.index())
                .writeInt(range.length())
                .writeInt(range.proofLayers());
    }

    /**
     * Reads one message with its prefix. Buffers are copied to the heap and need no release; {@code in} is not
     * released. The only limit is the number of readable bytes: check the prefix first if the bytes are from a peer.
     *
     * @return the message, or null if bytes are missing, and then nothing is read
     * @throws MalformedMessageException if the length does not fit the id
     */
    public static @Nullable Message decode(ByteBuf in) {
        if (in.readableBytes() < PREFIX_LENGTH) {
            return null;
        }
        long length = in.getUnsignedInt(in.readerIndex());
        if (in.readableBytes() - PREFIX_LENGTH < length) {
            return null;
        }
        return decodeBody(in.skipBytes(PREFIX_LENGTH), (int) length, false);
    }

    /**
     * Reads one message without its prefix.
     *
     * @param in a buffer of at least {@code length} readable bytes, of which exactly those are read; it is not released
     * @param length the value of the prefix
     * @param slicePieces true to return the data of a piece message as a retained slice of {@code in} instead of a copy
     * @return the message; the caller must release a slice
     * @throws MalformedMessageException if the length does not fit the id
     */
    public static Message decodeBody(ByteBuf in, int length, boolean slicePieces) {
        if (length == 0) {
            return KEEP_ALIVE;
        }
        int id = in.readUnsignedByte();
        MessageType type = MessageType.of(id);
        int body = length - 1;
        checkLength(type, id, body);
        return switch (type) {
            case CHOKE -> CHOKE;
            case UNCHOKE -> UNCHOKE;
            case INTERESTED -> INTERESTED;
            case NOT_INTERESTED -> NOT_INTERESTED;
            case HAVE -> new Message.Have(in.readInt());
            case BITFIELD -> new Message.Bitfield(PieceSet.read(in.readSlice(body)));
            case REQUEST -> new Message.Request(decodeBlock(in));
            case PIECE -> {
                int piece = in.readInt();
                int offset = in.readInt();
                int data = body - (PIECE_HEADER_LENGTH - 1);
                yield new Message.Piece(piece, offset, slicePieces ? in.readRetainedSlice(data) : copy(in, data));
            }
            case CANCEL -> new Message.Cancel(decodeBlock(in));
            case PORT -> new Message.Port(in.readUnsignedShort());
            case SUGGEST_PIECE -> new Message.SuggestPiece(in.readInt());
            case HAVE_ALL -> HAVE_ALL;
            case HAVE_NONE -> HAVE_NONE;
            case REJECT_REQUEST -> new Message.RejectRequest(decodeBlock(in));
            case ALLOWED_FAST -> new Message.AllowedFast(in.readInt());
            case EXTENDED -> new Message.Extended(in.readUnsignedByte(), copy(in, body - 1));
            case HASH_REQUEST -> new Message.HashRequest(decodeRange(in));
            case HASHES -> new Message.Hashes(decodeRange(in), copy(in, body - HASH_RANGE_LENGTH));
            case HASH_REJECT -> new Message.HashReject(decodeRange(in));
            case UNKNOWN -> new Message.Unknown(id, copy(in, body));
            case KEEP_ALIVE -> throw new IllegalStateException("a keep-alive has no id");
        };
    }

    private static void checkLength(MessageType type, int id, int body) {
        boolean whole = type != MessageType.HASHES || (body - type.minLength()) % HASH_LENGTH == 0;
        if (body < type.minLength() || body > type.maxLength() || !whole) {
            throw new MalformedMessageException(
                    id, type + " of " + body + " bytes after the id; " + allowed(type) + " are accepted");
        }
    }

    private static String allowed(MessageType type) {
        if (type.isFixedLength()) {
            return String.valueOf(type.minLength());
        }
        return type == MessageType.HASHES
                ? type.minLength() + " plus a multiple of " + HASH_LENGTH
                : "at least " + type.minLength();
    }

    private static BlockRequest decodeBlock(ByteBuf in) {
        return new BlockRequest(in.readInt(), in.readInt(), in.readInt());
    }

    private static HashRange decodeRange(ByteBuf in) {
        return new HashRange(MerkleRoot.read(in), in.readInt(), in.readInt(), in.readInt(), in.readInt());
    }

    private static ByteBuf copy(ByteBuf in, int length) {
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(bytes));
    }
}
