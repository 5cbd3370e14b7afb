/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;

/** The kinds of hostile peers: each has its first bytes, and a message for each turn after them. */
enum Attack {
    /** Sends a handshake byte by byte, one at each turn, and never completes it. */
    DRIP {
        @Override
        void begin(int attacker, ByteBuf out) {}

        @Override
        void turn(int attacker, int turn, ByteBuf out) {
            ByteBuf whole = Unpooled.buffer();
            handshake(Server.SERVED, whole);
            out.writeByte(whole.getByte(turn % (Handshake.LENGTH - 1)));
        }
    },
    /** Sends a message of the maximum length without its last byte; every second peer claims 4 GiB. */
    LENGTH_PREFIX {
        @Override
        void begin(int attacker, ByteBuf out) {
            handshake(Server.SERVED, out);
            if (attacker % 2 == 0) {
                out.writeInt(2 + LONGEST)
                        .writeByte(EXTENDED)
                        .writeByte(Server.PEX_NUMBER)
                        .writeZero(LONGEST - 1);
            } else {
                out.writeInt(-1).writeByte(PIECE);
            }
        }
    },
    /** Requests as many blocks as the queue allows, and reads nothing. */
    DEAF {
        @Override
        boolean reads(int attacker) {
            return false;
        }

        @Override
        void begin(int attacker, ByteBuf out) {
            handshake(Server.SERVED, out);
            MessageCodec.encode(new Message.Interested(), out);
            requests(attacker, 500, BlockRequest.BLOCK_LENGTH, out);
        }
    },
    /** Requests without end: half of the peers do not read, the others request blocks of one byte. */
    REQUEST_FLOOD {
        @Override
        boolean reads(int attacker) {
            return attacker % 2 == 0;
        }

        @Override
        void begin(int attacker, ByteBuf out) {
            handshake(Server.SERVED, out);
        }

        @Override
        void turn(int attacker, int turn, ByteBuf out) {
            requests(attacker + turn, 1000, reads(attacker) ? 1 : BlockRequest.BLOCK_LENGTH, out);
        }
    },
    /** Sends thousands of invented peers, far more often than once a minute. */
    PEX_FLOOD {
        @Override
        void begin(int attacker, ByteBuf out) {
            handshake(Server.SERVED, out);
            extended(0, "d1:md6:ut_pexi1eee", out);
        }

        @Override
        void turn(int attacker, int turn, ByteBuf out) {
            byte[] addresses = new byte[6 * 9000];
            new Random((long) attacker << 32 | turn).nextBytes(addresses);
            extended(
                    Server.PEX_NUMBER,
                    "d5:added" + addresses.length + ":" + new String(addresses, ISO_8859_1) + "e",
                    out);
        }
    },
    /** Claims metadata of 16 MiB, some bytes less for each attacker, and sends every requested piece of it. */
    METADATA_BOMB {
        @Override
        void begin(int attacker, ByteBuf out) {
            handshake(Server.WANTED, out);
            extended(0, "d1:md11:ut_metadatai" + NUMBER + "ee13:metadata_sizei" + size(attacker) + "ee", out);
        }

        @Override
        void answer(int attacker, Message message, ByteBuf out) {
            if (message instanceof Message.Extended extended && extended.id() == NUMBER) {
                String request = extended.payload().toString(ISO_8859_1);
                int piece = Integer.parseInt(request.replaceAll(".*5:piecei(\\d+)e.*", "$1"));
                int length = Math.min(METADATA_PIECE, size(attacker) - piece * METADATA_PIECE);
                String header = "d8:msg_typei1e5:piecei" + piece + "e10:total_sizei" + size(attacker) + "ee";
                extended(Server.METADATA_NUMBER, header + "x".repeat(length), out);
            }
        }

        // Twelve sizes, each with enough supporters to be kept for a while.
        private int size(int attacker) {
            return (16 << 20) - attacker % 12;
        }
    },
    /** Sends extended handshakes that are deep, have too many tokens, or add new keys. */
    BENCODE_BOMB {
        @Override
        void begin(int attacker, ByteBuf out) {
            handshake(Server.SERVED, out);
        }

        @Override
        void turn(int attacker, int turn, ByteBuf out) {
            StringBuilder keys = new StringBuilder("d1:md");
            for (int key = 0; key < 900; key++) {
                keys.append("20:").append(String.format("%08d%012d", turn, key)).append("i7e");
            }
            extended(0, keys.append("ee").toString(), out);
            extended(0, "l".repeat(32_000), out);
            extended(0, "d1:a".repeat(8_000), out);
            extended(0, "l" + "i0e".repeat(10_000) + "e", out);
        }
    };

    private static final int LONGEST = 64 * 1024;
    private static final int EXTENDED = 20;
    private static final int PIECE = 7;
    private static final int NUMBER = 3;
    private static final int METADATA_PIECE = 16 * 1024;

    /** Returns true if it reads the bytes of the server. */
    boolean reads(int attacker) {
        return true;
    }

    /** Returns the first bytes of a connection. */
    abstract void begin(int attacker, ByteBuf out);

    /** Returns the bytes of a turn, sent when the earlier ones have been taken. */
    void turn(int attacker, int turn, ByteBuf out) {}

    /** Returns the answer to a message of the server. */
    void answer(int attacker, Message message, ByteBuf out) {}

    private static void handshake(InfoHash torrent, ByteBuf out) {
        new Handshake(Features.DEFAULT, torrent, PeerId.random()).writeTo(out);
    }

    private static void extended(int id, String payload, ByteBuf out) {
        MessageCodec.encode(new Message.Extended(id, Unpooled.wrappedBuffer(payload.getBytes(ISO_8859_1))), out);
    }

    private static void requests(int seed, int count, int length, ByteBuf out) {
        int blocks = Server.SHAPE.pieceLength() / BlockRequest.BLOCK_LENGTH;
        for (int i = 0; i < count; i++) {
            int piece = Math.floorMod(seed * 31 + i / blocks, Server.SHAPE.pieceCount());
            int offset = i % blocks * BlockRequest.BLOCK_LENGTH;
            MessageCodec.encode(new Message.Request(new BlockRequest(piece, offset, length)), out);
        }
    }
}
