/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peerwire.swarm.internal.store.StoreData.PIECE_LENGTH;
import static org.peerwire.swarm.internal.store.StoreData.all;
import static org.peerwire.swarm.internal.store.StoreData.assertFails;
import static org.peerwire.swarm.internal.store.StoreData.await;
import static org.peerwire.swarm.internal.store.StoreData.end;
import static org.peerwire.swarm.internal.store.StoreData.file;
import static org.peerwire.swarm.internal.store.StoreData.open;
import static org.peerwire.swarm.internal.store.StoreData.read;
import static org.peerwire.swarm.internal.store.StoreData.torrent;
import static org.peerwire.swarm.internal.store.StoreData.version2;
import static org.peerwire.swarm.internal.store.StoreData.write;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.StoreException.Reason;
import reactor.test.StepVerifier;

class MemoryStoreTest {
    @TempDir
    private Path temp;

    private Torrent torrent;
    private byte[] content;

    @BeforeEach
    void create() throws IOException {
        Path source = file(temp.resolve("file.bin"), 2 * PIECE_LENGTH + 7);
        torrent = torrent(source);
        content = Files.readAllBytes(source);
    }

    private byte[] right(int piece) {
        return Arrays.copyOfRange(
                content,
                piece * PIECE_LENGTH,
                piece * PIECE_LENGTH + torrent.shape().pieceLength(piece));
    }

    @Test
    void aNewStoreIsEmptyAndKeepsWhatIsWritten() {
        MemoryStore store = MemoryStore.create();
        assertThat(open(store, torrent)).isEqualTo(PieceSet.none(3));
        assertFails(Reason.MISSING, () -> read(store, torrent, 2));

        write(store, 2, right(2));

        assertThat(read(store, torrent, 2)).isEqualTo(right(2));
        assertThat(await(store.read(new BlockRequest(2, 3, 2))).readByte()).isEqualTo(right(2)[3]);
        assertFails(Reason.MISSING, () -> read(store, torrent, 0));
    }

    @Test
    void contentIsThereAsFarAsItMatches() {
        content[PIECE_LENGTH] ^= 1;
        MemoryStore store = MemoryStore.of(torrent, content);

        assertThat(open(store, torrent)).isEqualTo(PieceSet.of(3, 0, 2));

        assertThat(read(store, torrent, 0)).isEqualTo(right(0));
        assertThat(read(store, torrent, 2)).isEqualTo(right(2));
        assertFails(Reason.MISSING, () -> read(store, torrent, 1));
    }

    @Test
    void contentOfAnotherLengthOrTorrentIsRefused() throws IOException {
        Torrent other = torrent(file(temp.resolve("other.bin"), 2 * PIECE_LENGTH));

        assertThatThrownBy(() -> MemoryStore.of(other, content))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("content must have 65536 bytes, the length of the torrent, was 65543");
        assertThatThrownBy(() -> open(MemoryStore.of(torrent, content), other))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aReaderCannotChangeThePieces() {
        MemoryStore store = MemoryStore.of(torrent, content);
        assertThat(open(store, torrent)).isEqualTo(all(torrent));
        byte first = content[0];

        ByteBuf data = await(store.read(new BlockRequest(0, 0, 100)));
        data.setByte(0, ~first);

        assertThat(read(store, torrent, 0)[0]).isEqualTo(first);
    }

    @Test
    void aWriteCopiesThePieceAndLeavesTheBufferToItsOwner() {
        MemoryStore store = MemoryStore.create();
        open(store, torrent);
        ByteBuf data = PooledByteBufAllocator.DEFAULT.buffer().writeBytes(right(0));

        end(store.write(new Piece(0, data)));

        assertThat(data.refCnt()).isEqualTo(1);
        data.setZero(0, PIECE_LENGTH).release();
        assertThat(read(store, torrent, 0)).isEqualTo(right(0));
    }

    @Test
    void aRangeOrPieceOutsideOfTheTorrentIsRefused() {
        MemoryStore store = MemoryStore.create();
        open(store, torrent);

        for (int piece : new int[] {-1, 2, 3}) {
            assertThatThrownBy(() -> write(store, piece, right(0))).isInstanceOf(IllegalArgumentException.class);
        }
        for (BlockRequest request : List.of(new BlockRequest(3, 0, 1), new BlockRequest(2, 0, 8))) {
            StepVerifier.create(store.read(request)).verifyError(IllegalArgumentException.class);
        }
    }

    @Test
    void aStoreIsOpenedOnceAndNotAfterItsClose() {
        MemoryStore store = MemoryStore.of(torrent, content);
        assertThatThrownBy(() -> read(store, torrent, 0)).isInstanceOf(IllegalStateException.class);
        open(store, torrent);
        assertThatThrownBy(() -> open(store, torrent)).isInstanceOf(IllegalStateException.class);

        end(store.close());
        end(store.close());

        assertFails(Reason.CLOSED, () -> open(store, torrent));
        assertFails(Reason.CLOSED, () -> read(store, torrent, 0));
        assertFails(Reason.CLOSED, () -> write(store, 0, right(0)));
    }

    @Test
    void aTorrentWithoutPieceHashesIsUnsupported() {
        assertFails(Reason.UNSUPPORTED, () -> await(MemoryStore.create().open(version2(), PieceSet.all(1))));
    }
}
