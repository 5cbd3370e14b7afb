/* SPDX-License-Identifier: MIT */
package org.peerwire.message;

import io.netty.buffer.ByteBuf;

/**
 * A message that a peer sends after the handshake.
 *
 * <p>Numbers are the 32-bit unsigned fields of the wire, bit for bit (see {@link BlockRequest}). A wire checks their
 * ranges before a subscriber receives the message. A message with a buffer is {@link Buffered}. A sink takes over the
 * ownership of a message.
 */
public sealed interface Message {

    /** Returns the type of this message. */
    MessageType type();

    /** A message without content that keeps the connection open (BEP 3). The wire sends it automatically. */
    record KeepAlive() implements Message {
        @Override
        public MessageType type() {
            return MessageType.KEEP_ALIVE;
        }
    }

    /** States that the sender answers no requests until it unchokes (BEP 3). */
    record Choke() implements Message {
        @Override
        public MessageType type() {
            return MessageType.CHOKE;
        }
    }

    /** States that the sender answers requests (BEP 3). */
    record Unchoke() implements Message {
        @Override
        public MessageType type() {
            return MessageType.UNCHOKE;
        }
    }

    /** States that the sender wants pieces of the receiver (BEP 3). */
    record Interested() implements Message {
        @Override
        public MessageType type() {
            return MessageType.INTERESTED;
        }
    }

    /** States that the sender wants no piece of the receiver (BEP 3). */
    record NotInterested() implements Message {
        @Override
        public MessageType type() {
            return MessageType.NOT_INTERESTED;
        }
    }

    /**
     * Announces one more piece of the sender (BEP 3).
     *
     * @param piece the index of the piece
     */
    record Have(int piece) implements Message {
        @Override
        public MessageType type() {
            return MessageType.HAVE;
        }
    }

    /**
     * Announces the pieces of the sender. Allowed only as the first message (BEP 3).
     *
     * @param pieces the pieces; its capacity is 8 per byte before the piece count is known
     */
    record Bitfield(PieceSet pieces) implements Message {
        @Override
        public MessageType type() {
            return MessageType.BITFIELD;
        }
    }

    /**
     * Requests a block (BEP 3).
     *
     * @param block the block
     */
    record Request(BlockRequest block) implements Message {
        @Override
        public MessageType type() {
            return MessageType.REQUEST;
        }
    }

    /**
     * Carries a block of a piece (BEP 3).
     *
     * @param piece the index of the piece
     * @param offset the offset of the first byte within the piece
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
     * Withdraws a request (BEP 3).
     *
     * @param block the block of the request
     */
    record Cancel(BlockRequest block) implements Message {
        @Override
        public MessageType type() {
            return MessageType.CANCEL;
        }
    }

    /**
     * Announces the UDP port of the sender's DHT node (BEP 5).
     *
     * @param port 0 to 65535
     */
    record Port(int port) implements Message {
        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if the port is outside its range
         */
        public Port {
            checkRange("port", port, 65_535);
        }

        @Override
        public MessageType type() {
            return MessageType.PORT;
        }
    }

    /**
     * Suggests a piece to request (BEP 6).
     *
     * @param piece the index of the piece
     */
    record SuggestPiece(int piece) implements Message {
        @Override
        public MessageType type() {
            return MessageType.SUGGEST_PIECE;
        }
    }

    /** Announces that the sender has every piece, instead of a bitfield (BEP 6). */
    record HaveAll() implements Message {
        @Override
        public MessageType type() {
            return MessageType.HAVE_ALL;
        }
    }

    /** Announces that the sender has no piece, instead of a bitfield (BEP 6). */
    record HaveNone() implements Message {
        @Override
        public MessageType type() {
            return MessageType.HAVE_NONE;
        }
    }

    /**
     * Rejects a request (BEP 6).
     *
     * @param block the block of the request
     */
    record RejectRequest(BlockRequest block) implements Message {
        @Override
        public MessageType type() {
            return MessageType.REJECT_REQUEST;
        }
    }

    /**
     * Allows the receiver to request a piece while choked (BEP 6).
     *
     * @param piece the index of the piece
     */
    record AllowedFast(int piece) implements Message {
        @Override
        public MessageType type() {
            return MessageType.ALLOWED_FAST;
        }
    }

    /**
     * Carries a message of the extension protocol (BEP 10).
     *
     * @param id 0 for the extended handshake, else the id that the <em>receiver</em> assigned to the extension
     * @param payload the bytes after the id
     */
    record Extended(int id, ByteBuf payload) implements Message, Buffered {
        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if the id is not 0 to 255
         */
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
     * Requests hashes of a file's tree (BEP 52).
     *
     * @param range the range of the hashes
     */
    record HashRequest(HashRange range) implements Message {
        @Override
        public MessageType type() {
            return MessageType.HASH_REQUEST;
        }
    }

    /**
     * Carries hashes of a file's tree and their proof (BEP 52).
     *
     * @param range the range of the request
     * @param hashes 32 bytes each: the base layer first, then the uncles from the bottom up
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
     * Rejects a request for hashes (BEP 52).
     *
     * @param range the range of the request
     */
    record HashReject(HashRange range) implements Message {
        @Override
        public MessageType type() {
            return MessageType.HASH_REJECT;
        }
    }

    /**
     * Carries a message with an id that no other record has. A wire tolerates a few of them; see
     * {@code Ignored.UNKNOWN_MESSAGE}.
     *
     * @param id 0 to 255
     * @param payload the bytes after the id
     */
    record Unknown(int id, ByteBuf payload) implements Message, Buffered {
        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if the id is not 0 to 255, or another record has it
         */
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
