/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.Random;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.Piece;
import org.peerwire.swarm.PieceStore;
import reactor.core.publisher.Mono;

/** The bytes of a torrent, which the stores of all peers share. */
final class Content {
    private static final int SHA1_LENGTH = 20;

    private final byte[] bytes;
    private final Torrent torrent;

    /**
     * Creates content of random bytes.
     *
     * @param length a multiple of the piece length
     */
    Content(int length, int pieceLength) {
        this.bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        this.torrent = torrent(bytes, pieceLength);
    }

    Torrent torrent() {
        return torrent;
    }

    int length() {
        return bytes.length;
    }

    private static Torrent torrent(byte[] bytes, int pieceLength) {
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        int pieces = bytes.length / pieceLength;
        info.writeBytes(("d6:lengthi" + bytes.length + "e4:name5:bench12:piece lengthi" + pieceLength + "e6:pieces"
                        + SHA1_LENGTH * pieces + ":")
                .getBytes(StandardCharsets.US_ASCII));
        for (int piece = 0; piece < pieces; piece++) {
            info.writeBytes(sha1(bytes, piece * pieceLength, pieceLength));
        }
        info.write('e');
        return Torrent.fromInfo(info.toByteArray());
    }

    private static byte[] sha1(byte[] bytes, int from, int length) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(bytes, from, length);
            return sha1.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns a store that only remembers which pieces it has: all or none at first. */
    PieceStore store(boolean isComplete) {
        return new Store(isComplete);
    }

    private final class Store implements PieceStore {
        private final BitSet have = new BitSet();

        Store(boolean isComplete) {
            have.set(0, isComplete ? torrent.pieceCount() : 0);
        }

        @Override
        public Mono<PieceSet> open(Torrent opened, PieceSet wanted) {
            return Mono.fromCallable(() -> PieceSet.of(torrent.pieceCount(), have));
        }

        @Override
        public Mono<Void> write(Piece piece) {
            return Mono.fromRunnable(() -> have.set(piece.index()));
        }

        @Override
        public Mono<ByteBuf> read(BlockRequest request) {
            return Mono.fromCallable(() -> {
                if (!have.get(request.piece())) {
                    throw new IllegalStateException("piece must be in the store, was " + request.piece());
                }
                int from = request.piece() * torrent.pieceLength() + request.offset();
                return Unpooled.wrappedBuffer(bytes, from, request.length());
            });
        }

        @Override
        public Mono<Void> close() {
            return Mono.empty();
        }
    }
}
