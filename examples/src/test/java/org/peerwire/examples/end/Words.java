/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Locale;
import org.peerwire.TorrentShape;
import org.peerwire.examples.end.Dimensions.Side;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import org.peerwire.message.PieceSet;

/** The messages of the peer in a conversation, in their order. */
enum Words {
    EXTENDED_HANDSHAKE {
        @Override
        Message message(Side side) {
            return extended(
                    0,
                    "d1:md6:ut_pexi1e11:ut_metadatai2e12:ut_holepunchi3e6:xx_endi4ee13:metadata_sizei"
                            + Attachments.INFO.length + "e1:pi6881e4:reqqi500ee");
        }
    },
    PIECES {
        @Override
        Message message(Side side) {
            return side == Side.ACCEPT
                    ? new Message.Bitfield(PieceSet.of(SHAPE.pieceCount(), 0, 1, 2))
                    : new Message.HaveNone();
        }
    },
    INTERESTED {
        @Override
        Message message(Side side) {
            return new Message.Interested();
        }
    },
    UNCHOKE {
        @Override
        Message message(Side side) {
            return new Message.Unchoke();
        }
    },
    REQUEST {
        @Override
        Message message(Side side) {
            return new Message.Request(block(40));
        }
    },
    HAVE {
        @Override
        Message message(Side side) {
            return new Message.Have(5);
        }
    },
    PEX {
        @Override
        Message message(Side side) {
            return extended(1, "d5:added6:\u0050\u0004\u0004\u00c8\u001a\u00e17:added.f1:\u0000e");
        }
    },
    METADATA_REQUEST {
        @Override
        Message message(Side side) {
            return extended(2, "d8:msg_typei0e5:piecei0ee");
        }
    },
    HOLEPUNCH_RENDEZVOUS {
        @Override
        Message message(Side side) {
            return extended(3, "\u0000\u0000\u0050\u0004\u0004\u00c8\u001a\u00e1\u0000\u0000\u0000\u0000");
        }
    },
    EXTENSION_MESSAGE {
        @Override
        Message message(Side side) {
            return extended(4, "anything");
        }
    },
    KEEP_ALIVE {
        @Override
        Message message(Side side) {
            return new Message.KeepAlive();
        }
    },
    /** Answers the request that the wire sends after the unchoke. */
    PIECE {
        @Override
        Message message(Side side) {
            return new Message.Piece(0, 0, Unpooled.wrappedBuffer(new byte[BlockRequest.BLOCK_LENGTH]));
        }
    };

    static final TorrentShape SHAPE = TorrentShape.of(64L * 256 * 1024, 256 * 1024);

    /** A message to fill a subscriber's queue with: the wire shows it to subscribers and does nothing else. */
    static final Words FILLER = EXTENSION_MESSAGE;

    /**
     * Returns the message to a wire in this role; the numbers of its extensions are those of {@link Attachments#peer}.
     */
    abstract Message message(Side side);

    byte[] bytes(Side side) {
        return bytes(message(side));
    }

    /** Returns this many requests; the wire queues the first 500 and has to reject the others. */
    static byte[] flood(int requests) {
        ByteBuf all = Unpooled.buffer();
        for (int i = 0; i < requests; i++) {
            MessageCodec.encode(new Message.Request(block(41 + i)), all);
        }
        return ByteBufUtil.getBytes(all);
    }

    /** Returns the block with this number; the numbers begin again after the last block of the torrent. */
    static BlockRequest block(int number) {
        int perPiece = SHAPE.pieceLength() / BlockRequest.BLOCK_LENGTH;
        return new BlockRequest(
                number / perPiece % SHAPE.pieceCount(),
                number % perPiece * BlockRequest.BLOCK_LENGTH,
                BlockRequest.BLOCK_LENGTH);
    }

    private static byte[] bytes(Message message) {
        ByteBuf bytes = Unpooled.buffer();
        MessageCodec.encode(message, bytes);
        return ByteBufUtil.getBytes(bytes);
    }

    private static Message extended(int number, String payload) {
        return new Message.Extended(number, Unpooled.wrappedBuffer(payload.getBytes(ISO_8859_1)));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
