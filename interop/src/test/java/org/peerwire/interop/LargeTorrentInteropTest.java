/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;
import org.peerwire.Block;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.interop.RealClient.Kind;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;
import org.peerwire.metadata.UtMetadata;
import reactor.core.publisher.Flux;

/** Tests a torrent with more than 2^32 bytes and more than 2^16 pieces: a sparse file of a little over 4 GiB. */
@Isolated("buffers of these wires must not count as leaks of other tests")
class LargeTorrentInteropTest {
    private static final int PIECE_LENGTH = 64 << 10;
    private static final long LENGTH = (4L << 30) + 5 * PIECE_LENGTH + 4_711;
    private static final int PIECES = (int) (LENGTH / PIECE_LENGTH) + 1;
    private static final int CHECKED = 1_000;

    @RegisterExtension
    final Scene scene = new Scene();

    /**
     * The tested pieces: around each power of two where a number could overflow, the first, the last, and random ones.
     */
    private static Collection<Integer> pieces(Random random) {
        int atTwoGibibytes = (int) ((2L << 30) / PIECE_LENGTH);
        Collection<Integer> pieces = new TreeSet<>(List.of(0, 1, PIECES - 2, PIECES - 1));
        for (int edge : new int[] {atTwoGibibytes, 2 * atTwoGibibytes}) {
            pieces.addAll(List.of(edge - 2, edge - 1, edge, edge + 1));
        }
        while (pieces.size() < CHECKED) {
            pieces.add(random.nextInt(PIECES));
        }
        return pieces;
    }

    @Test
    void aThousandPiecesOf4GibibytesAreRight() throws IOException {
        Clients.require(Kind.LIBTORRENT);
        Random random = new Random(4_711);
        Collection<Integer> pieces = pieces(random);
        Path folder = scene.folder("data");
        Torrent torrent = create(folder.resolve("large.bin"), pieces, random);
        Path file = scene.folder("torrent").resolve("large.torrent");
        Files.write(file, torrent.encode());
        RealClient seed = Kind.LIBTORRENT.start(scene, "seed", scene.ip(1), Task.seed(file, folder));

        // as from a magnet link: the wire has no shape before it has the metadata
        LocalPeer self = LocalPeer.of(torrent.hashes().wire(), PeerId.random()).withExtension(UtMetadata.fetching());
        Wire wire = WireClient.create().connect(seed.socketAddress(), self).block(scene.left());
        Torrent fetched = UtMetadata.fetch(wire).block(scene.left()).torrent();
        assertThat(fetched.info()).isEqualTo(torrent.info());
        wire.shape(fetched.shape())
                .then(wire.outbound().send(new Message.Interested()))
                .block(scene.left());
        long began = System.nanoTime();
        List<Integer> right = wire.blocks()
                .download(Flux.fromIterable(pieces).concatMapIterable(fetched.shape()::blocks))
                .transform(blocks -> whole(blocks, fetched.shape()))
                .filter(piece -> fetched.verify(piece.index, piece.data))
                .map(piece -> piece.index)
                .collectList()
                .block(scene.left());

        assertThat(right).containsExactlyInAnyOrderElementsOf(pieces);
        assertThat(wire.peerPieces()).isEqualTo(PieceSet.all(PIECES));
        wire.dispose();
        scene.figure(PIECES + " pieces, metadata of " + fetched.info().length + " bytes; " + CHECKED
                + " pieces right in " + (System.nanoTime() - began) / 1_000_000 + " ms, the last at byte "
                + (PIECES - 1L) * PIECE_LENGTH);
    }

    /** Writes a file of zeros with different bytes in these pieces. */
    private static Torrent create(Path file, Collection<Integer> pieces, Random random) throws IOException {
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(LENGTH);
            TorrentShape shape = TorrentShape.of(LENGTH, PIECE_LENGTH);
            for (int piece : pieces) {
                byte[] bytes = new byte[shape.pieceLength(piece)];
                random.nextBytes(bytes);
                out.seek((long) piece * PIECE_LENGTH);
                out.write(bytes);
            }
        }
        return Torrent.create(
                file, TorrentOptions.builder().pieceLength(PIECE_LENGTH).build());
    }

    private record Piece(int index, ByteBuffer data) {}

    private static final class Begun {
        final ByteBuffer data;
        int bytes;

        Begun(ByteBuffer data) {
            this.data = data;
        }
    }

    /** An assembler of pieces, for blocks in any order. */
    private static Flux<Piece> whole(Flux<Block> blocks, TorrentShape shape) {
        return Flux.defer(() -> {
            Map<Integer, Begun> begun = new HashMap<>();
            return blocks.handle((block, sink) -> {
                int length = shape.pieceLength(block.piece());
                Begun piece = begun.computeIfAbsent(block.piece(), key -> new Begun(ByteBuffer.allocate(length)));
                block.data().getBytes(block.data().readerIndex(), piece.data.slice(block.offset(), block.length()));
                piece.bytes += block.length();
                if (piece.bytes == length) {
                    begun.remove(block.piece());
                    sink.next(new Piece(block.piece(), piece.data));
                }
            });
        });
    }
}
