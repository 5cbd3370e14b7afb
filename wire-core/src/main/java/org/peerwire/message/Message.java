/* SPDX-License-Identifier: MIT */
package org.peerwire.message;

import io.netty.buffer.ByteBuf;

/**
 * Everything two peers can say to each other after the handshake.
 *
 * <p>Numbers are the wire's 32-bit unsigned fields bit for bit (see {@link BlockRequest}); what arrives through a wire has
 * been range-checked before a subscriber sees it. Messages with a buffer are {@link Buffered}; passing one to a sink
 * passes its ownership.
 */
public sealed interface Message {

    /** Which message this is. */
    Type type();

    /** The ids of the wire and the exact length of each body, the one table the codec goes by. */
    enum Type {
        /** {@link Message.KeepAlive} */
        KEEP_ALIVE(Type.NO_ID, 0),
        /** {@link Message.Choke} */
        CHOKE(0, 0),
        /** {@link Message.Unchoke} */
        UNCHOKE(1, 0),
        /** {@link Message.Interested} */
        INTERESTED(2, 0),
        /** {@link Message.NotInterested} */
        NOT_INTERESTED(3, 0),
        /** {@link Message.Have} */
        HAVE(4, 4),
        /** {@link Message.Bitfield} */
        BITFIELD(5, Type.ANY),
        /** {@link Message.Request} */
        REQUEST(6, 12),
        /** {@link Message.Piece} */
        PIECE(7, Type.ANY),
        /** {@link Message.Cancel} */
        CANCEL(8, 12),
        /** {@link Message.Port} */
        PORT(9, 2),
        /** {@link Message.SuggestPiece} */
        SUGGEST_PIECE(13, 4),
        /** {@link Message.HaveAll} */
        HAVE_ALL(14, 0),
        /** {@link Message.HaveNone} */
        HAVE_NONE(15, 0),
        /** {@link Message.RejectRequest} */
        REJECT_REQUEST(16, 12),
        /** {@link Message.AllowedFast} */
        ALLOWED_FAST(17, 4),
        /** {@link Message.Extended} */
        EXTENDED(20, Type.ANY),
        /** {@link Message.HashRequest} */
        HASH_REQUEST(21, 48),
        /** {@link Message.Hashes} */
        HASHES(22, Type.ANY),
        /** {@link Message.HashReject} */
        HASH_REJECT(23, 48),
        /** {@link Message.Unknown} */
        UNKNOWN(Type.NO_ID, Type.ANY);

        private static final int NO_ID = -1;
        private static final int ANY = -1;
        private static final Type[] BY_ID = new Type[256];

        static {
            for (Type type : values()) {
                if (type.id != NO_ID) {
                    BY_ID[type.id] = type;
                }
            }
            for (int id = 0; id < BY_ID.length; id++) {
                BY_ID[id] = BY_ID[id] == null ? UNKNOWN : BY_ID[id];
            }
        }

        private final int id;
        private final int bodyLength;

        Type(int id, int bodyLength) {
            this.id = id;
            this.bodyLength = bodyLength;
        }

        /** The id on the wire, or -1 for keep-alive, which has none, and unknown, which has any. */
        public int id() {
            return id;
        }

        /** The exact number of bytes behind the id, or -1 when it varies. */
        public int bodyLength() {
            return bodyLength;
        }

        /** Whether only peers that both have the Fast bit may send it (BEP 6). */
        public boolean isFast() {
            return id >= SUGGEST_PIECE.id && id <= ALLOWED_FAST.id;
        }

        /** Whether it belongs to version 2 of the protocol (BEP 52). */
        public boolean isV2() {
            return id >= HASH_REQUEST.id && id <= HASH_REJECT.id;
        }

        /** The type with this id, 0 to 255; {@link #UNKNOWN} where there is none. */
        public static Type of(int id) {
            return BY_ID[id];
        }
    }

    /** Says nothing but that the peer is alive (BEP 3). The wire sends it by itself. */
    record KeepAlive() implements Message {
        @Override
        public Type type() {
            return Type.KEEP_ALIVE;
        }
    }

    /** The sender will not answer requests until it unchokes (BEP 3). */
    record Choke() implements Message {
        @Override
        public Type type() {
            return Type.CHOKE;
        }
    }

    /** The sender will answer requests (BEP 3). */
    record Unchoke() implements Message {
        @Override
        public Type type() {
            return Type.UNCHOKE;
        }
    }

    /** The sender wants pieces the receiver has (BEP 3). */
    record Interested() implements Message {
        @Override
        public Type type() {
            return Type.INTERESTED;
        }
    }

    /** The sender wants nothing the receiver has (BEP 3). */
    record NotInterested() implements Message {
        @Override
        public Type type() {
            return Type.NOT_INTERESTED;
        }
    }

    /**
     * The sender has got another piece (BEP 3).
     *
     * @param piece index of the piece
     */
    record Have(int piece) implements Message {
        @Override
        public Type type() {
            return Type.HAVE;
        }
    }

    /**
     * The pieces the sender has; only as the first message (BEP 3).
     *
     * @param pieces the set; of capacity 8 per byte when the piece count is not known
     */
    record Bitfield(PieceSet pieces) implements Message {
        @Override
        public Type type() {
            return Type.BITFIELD;
        }
    }

    /**
     * Asks for a block (BEP 3).
     *
     * @param block which
     */
    record Request(BlockRequest block) implements Message {
        @Override
        public Type type() {
            return Type.REQUEST;
        }
    }

    /**
     * A block of a piece (BEP 3).
     *
     * @param piece index of the piece
     * @param offset first byte within the piece
     * @param data the bytes of the block
     */
    record Piece(int piece, int offset, ByteBuf data) implements Message, Buffered {
        @Override
        public Type type() {
            return Type.PIECE;
        }

        @Override
        public ByteBuf content() {
            return data;
        }
    }

    /**
     * Takes a request back (BEP 3).
     *
     * @param block which
     */
    record Cancel(BlockRequest block) implements Message {
        @Override
        public Type type() {
            return Type.CANCEL;
        }
    }

    /**
     * The UDP port of the sender's DHT node (BEP 5).
     *
     * @param port 0 to 65535
     */
    record Port(int port) implements Message {
        /** Checks the range. */
        public Port {
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
            }
        }

        @Override
        public Type type() {
            return Type.PORT;
        }
    }

    /**
     * Advice to ask for this piece (BEP 6).
     *
     * @param piece index of the piece
     */
    record SuggestPiece(int piece) implements Message {
        @Override
        public Type type() {
            return Type.SUGGEST_PIECE;
        }
    }

    /** The sender has every piece; instead of a bitfield (BEP 6). */
    record HaveAll() implements Message {
        @Override
        public Type type() {
            return Type.HAVE_ALL;
        }
    }

    /** The sender has no piece; instead of a bitfield (BEP 6). */
    record HaveNone() implements Message {
        @Override
        public Type type() {
            return Type.HAVE_NONE;
        }
    }

    /**
     * The request will not be answered with a block (BEP 6).
     *
     * @param block which
     */
    record RejectRequest(BlockRequest block) implements Message {
        @Override
        public Type type() {
            return Type.REJECT_REQUEST;
        }
    }

    /**
     * This piece may be asked for even while choked (BEP 6).
     *
     * @param piece index of the piece
     */
    record AllowedFast(int piece) implements Message {
        @Override
        public Type type() {
            return Type.ALLOWED_FAST;
        }
    }

    /**
     * A message of the extension protocol (BEP 10).
     *
     * @param id 0 for the extended handshake, else the number the <em>receiver</em> gave the extension
     * @param payload everything behind the id
     */
    record Extended(int id, ByteBuf payload) implements Message, Buffered {
        /** Checks the range. */
        public Extended {
            if (id < 0 || id > 255) {
                throw new IllegalArgumentException("the number of an extension is 0 to 255, not " + id);
            }
        }

        @Override
        public Type type() {
            return Type.EXTENDED;
        }

        @Override
        public ByteBuf content() {
            return payload;
        }
    }

    /**
     * Asks for hashes of a file's tree (BEP 52).
     *
     * @param range which
     */
    record HashRequest(HashRange range) implements Message {
        @Override
        public Type type() {
            return Type.HASH_REQUEST;
        }
    }

    /**
     * Hashes of a file's tree and their proof, 32 bytes each (BEP 52).
     *
     * @param range as it was asked for
     * @param hashes the base layer first, then the uncles from the bottom up
     */
    record Hashes(HashRange range, ByteBuf hashes) implements Message, Buffered {
        @Override
        public Type type() {
            return Type.HASHES;
        }

        @Override
        public ByteBuf content() {
            return hashes;
        }
    }

    /**
     * The hashes will not be sent (BEP 52).
     *
     * @param range as it was asked for
     */
    record HashReject(HashRange range) implements Message {
        @Override
        public Type type() {
            return Type.HASH_REJECT;
        }
    }

    /**
     * A message with an id this library gives no meaning to: passed on, never an error.
     *
     * @param id 0 to 255
     * @param payload everything behind the id
     */
    record Unknown(int id, ByteBuf payload) implements Message, Buffered {
        /** Checks the range. */
        public Unknown {
            if (id < 0 || id > 255 || Type.of(id) != Type.UNKNOWN) {
                throw new IllegalArgumentException("the message with id " + id + " has a record of its own");
            }
        }

        @Override
        public Type type() {
            return Type.UNKNOWN;
        }

        @Override
        public ByteBuf content() {
            return payload;
        }
    }
}
