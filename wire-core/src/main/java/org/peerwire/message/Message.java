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
    MessageType type();

    /** Says nothing but that the peer is alive (BEP 3). The wire sends it by itself. */
    record KeepAlive() implements Message {
        @Override
        public MessageType type() {
            return MessageType.KEEP_ALIVE;
        }
    }

    /** The sender will not answer requests until it unchokes (BEP 3). */
    record Choke() implements Message {
        @Override
        public MessageType type() {
            return MessageType.CHOKE;
        }
    }

    /** The sender will answer requests (BEP 3). */
    record Unchoke() implements Message {
        @Override
        public MessageType type() {
            return MessageType.UNCHOKE;
        }
    }

    /** The sender wants pieces the receiver has (BEP 3). */
    record Interested() implements Message {
        @Override
        public MessageType type() {
            return MessageType.INTERESTED;
        }
    }

    /** The sender wants nothing the receiver has (BEP 3). */
    record NotInterested() implements Message {
        @Override
        public MessageType type() {
            return MessageType.NOT_INTERESTED;
        }
    }

    /**
     * The sender has got another piece (BEP 3).
     *
     * @param piece index of the piece
     */
    record Have(int piece) implements Message {
        @Override
        public MessageType type() {
            return MessageType.HAVE;
        }
    }

    /**
     * The pieces the sender has; only as the first message (BEP 3).
     *
     * @param pieces the set; of capacity 8 per byte when the piece count is not known
     */
    record Bitfield(PieceSet pieces) implements Message {
        @Override
        public MessageType type() {
            return MessageType.BITFIELD;
        }
    }

    /**
     * Asks for a block (BEP 3).
     *
     * @param block which
     */
    record Request(BlockRequest block) implements Message {
        @Override
        public MessageType type() {
            return MessageType.REQUEST;
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
        public MessageType type() {
            return MessageType.PIECE;
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
        public MessageType type() {
            return MessageType.CANCEL;
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
            checkRange("port", port, 65_535);
        }

        @Override
        public MessageType type() {
            return MessageType.PORT;
        }
    }

    /**
     * Advice to ask for this piece (BEP 6).
     *
     * @param piece index of the piece
     */
    record SuggestPiece(int piece) implements Message {
        @Override
        public MessageType type() {
            return MessageType.SUGGEST_PIECE;
        }
    }

    /** The sender has every piece; instead of a bitfield (BEP 6). */
    record HaveAll() implements Message {
        @Override
        public MessageType type() {
            return MessageType.HAVE_ALL;
        }
    }

    /** The sender has no piece; instead of a bitfield (BEP 6). */
    record HaveNone() implements Message {
        @Override
        public MessageType type() {
            return MessageType.HAVE_NONE;
        }
    }

    /**
     * The request will not be answered with a block (BEP 6).
     *
     * @param block which
     */
    record RejectRequest(BlockRequest block) implements Message {
        @Override
        public MessageType type() {
            return MessageType.REJECT_REQUEST;
        }
    }

    /**
     * This piece may be asked for even while choked (BEP 6).
     *
     * @param piece index of the piece
     */
    record AllowedFast(int piece) implements Message {
        @Override
        public MessageType type() {
            return MessageType.ALLOWED_FAST;
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
            checkRange("id", id, 255);
        }

        @Override
        public MessageType type() {
            return MessageType.EXTENDED;
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
        public MessageType type() {
            return MessageType.HASH_REQUEST;
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
        public MessageType type() {
            return MessageType.HASHES;
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
        public MessageType type() {
            return MessageType.HASH_REJECT;
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
            checkRange("id", id, 255);
            if (MessageType.of(id) != MessageType.UNKNOWN) {
                throw new IllegalArgumentException(
                        "id must be one without a record of its own, was " + id + " (" + MessageType.of(id) + ")");
            }
        }

        @Override
        public MessageType type() {
            return MessageType.UNKNOWN;
        }

        @Override
        public ByteBuf content() {
            return payload;
        }
    }

    private static void checkRange(String name, int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(name + " must be 0 to " + max + ", was " + value);
        }
    }
}
