/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peerwire.swarm.internal.store.StoreData.PIECE_LENGTH;
import static org.peerwire.swarm.internal.store.StoreData.all;
import static org.peerwire.swarm.internal.store.StoreData.assertFails;
import static org.peerwire.swarm.internal.store.StoreData.await;
import static org.peerwire.swarm.internal.store.StoreData.end;
import static org.peerwire.swarm.internal.store.StoreData.existing;
import static org.peerwire.swarm.internal.store.StoreData.file;
import static org.peerwire.swarm.internal.store.StoreData.open;
import static org.peerwire.swarm.internal.store.StoreData.read;
import static org.peerwire.swarm.internal.store.StoreData.torrent;
import static org.peerwire.swarm.internal.store.StoreData.write;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.StoreException.Reason;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

/** The order of opening, writing, reading, cancelling and closing. */
class FileStoreLifeTest {
    @TempDir
    private Path temp;

    private Path source;
    private Torrent torrent;
    private FileStore store;

    @BeforeEach
    void create() throws IOException {
        source = file(temp.resolve("file.bin"), 3 * PIECE_LENGTH);
        torrent = torrent(source);
        store = FileStore.in(temp.resolve("copy"));
    }

    private byte[] right(int piece) {
        return read(existing(torrent, source), torrent, piece);
    }

    /** A buffer whose bytes come when the test lets them. */
    private static final class SlowBuffer extends UnpooledHeapByteBuf {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);

        SlowBuffer(byte[] bytes) {
            super(UnpooledByteBufAllocator.DEFAULT, bytes, bytes.length);
        }

        @Override
        public ByteBuffer nioBuffer(int index, int length) {
            begun.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("a write must not be interrupted", e);
            }
            return super.nioBuffer(index, length);
        }
    }

    // ---- writing ----

    @Test
    void aPieceThatIsBeingWrittenCannotBeRead() throws InterruptedException {
        open(store, torrent);
        write(store, 0, right(0));
        write(store, 1, right(1));
        SlowBuffer slow = new SlowBuffer(right(1));
        Disposable writing = store.write(new Piece(1, slow)).subscribe();
        slow.begun.await();

        assertFails(Reason.MISSING, () -> read(store, torrent, 1));
        assertThat(read(store, torrent, 0)).isEqualTo(right(0));

        slow.go.countDown();
        end(Flux.interval(Duration.ofMillis(5))
                .takeUntil(tick -> writing.isDisposed())
                .then());
        assertThat(read(store, torrent, 1)).isEqualTo(right(1));
        end(store.close());
    }

    @Test
    void aCancelledWriteEndsAndHoldsItsBufferUntilThen() throws InterruptedException {
        open(store, torrent);
        SlowBuffer slow = new SlowBuffer(right(2));
        Disposable writing = store.write(new Piece(2, slow)).subscribe();
        slow.begun.await();

        writing.dispose();
        slow.release(); // by its owner
        assertThat(slow.refCnt()).isEqualTo(1);
        slow.go.countDown();
        end(store.close());

        assertThat(slow.refCnt()).isZero();
        assertThat(open(FileStore.in(temp.resolve("copy")), torrent)).isEqualTo(PieceSet.of(3, 2));
    }

    @Test
    void aWriteLeavesTheBufferToItsOwner() {
        open(store, torrent);
        ByteBuf data = PooledByteBufAllocator.DEFAULT.buffer(PIECE_LENGTH + 1);
        data.writeByte(0).writeBytes(right(0)).skipBytes(1);

        end(store.write(new Piece(0, data)));

        assertThat(data.refCnt()).isEqualTo(1);
        assertThat(data.readableBytes()).isEqualTo(PIECE_LENGTH);
        assertThat(read(store, torrent, 0)).isEqualTo(right(0));
        end(store.close());
        StepVerifier.create(store.write(new Piece(0, data)))
                .verifyErrorSatisfies(error -> assertThat(data.refCnt()).isEqualTo(1));
        assertThat(data.release()).isTrue();
    }

    @Test
    void aPieceIsWrittenForEachSubscriptionOnly() {
        open(store, torrent);

        store.write(new Piece(0, Unpooled.wrappedBuffer(right(0))));

        assertFails(Reason.MISSING, () -> read(store, torrent, 0));
        end(store.close());
    }

    @Test
    void aCancelledReadDoesNotDisturbTheOthers() {
        open(store, torrent);
        write(store, 1, right(1));
        BlockRequest block = new BlockRequest(1, 0, 16 * 1024);

        for (int i = 0; i < 200; i++) {
            store.read(block).subscribe().dispose();
        }

        assertThat(read(store, torrent, 1)).isEqualTo(right(1));
        end(store.close());
    }

    // ---- closing ----

    @Test
    void aClosedStoreRefusesEverything() {
        open(store, torrent);
        write(store, 0, right(0));
        end(store.close());
        end(store.close());

        assertFails(Reason.CLOSED, () -> open(store, torrent));
        assertFails(Reason.CLOSED, () -> read(store, torrent, 0));
        assertFails(Reason.CLOSED, () -> write(store, 0, right(0)));
    }

    @Test
    void aStoreOfExistingDataIsClosedToo() {
        FileStore closed = existing(torrent, source);
        read(closed, torrent, 0);
        end(closed.close());

        assertFails(Reason.CLOSED, () -> read(closed, torrent, 0));
        assertFails(Reason.CLOSED, () -> open(closed, torrent));
    }

    @Test
    void aStoreThatWasNeverOpenedIsClosedToo() {
        end(store.close());

        assertFails(Reason.CLOSED, () -> open(store, torrent));
        assertThat(temp.resolve("copy")).doesNotExist();
    }

    @Test
    void theCloseWaitsForTheWritesThatRun() throws InterruptedException {
        open(store, torrent);
        SlowBuffer slow = new SlowBuffer(right(0));
        StepVerifier written = StepVerifier.create(store.write(new Piece(0, slow)))
                .expectComplete()
                .verifyLater();
        slow.begun.await();

        Queue<Integer> refCounts = new ConcurrentLinkedQueue<>();
        StepVerifier closed = StepVerifier.create(store.close().doOnTerminate(() -> refCounts.add(slow.refCnt())))
                .expectComplete()
                .verifyLater();
        assertFails(Reason.CLOSED, () -> write(store, 1, right(1)));
        slow.go.countDown();

        written.verify();
        closed.verify();
        assertThat(refCounts).as("the write holds nothing").containsExactly(1);
        assertThat(open(FileStore.in(temp.resolve("copy")), torrent)).isEqualTo(PieceSet.of(3, 0));
    }

    // ---- opening ----

    @Test
    void aStoreIsOpenedOnce() {
        open(store, torrent);

        assertThatThrownBy(() -> open(store, torrent)).isInstanceOf(IllegalStateException.class);

        write(store, 0, right(0));
        end(store.close());
    }

    @Test
    void aStoreThatIsNotOpenReadsAndWritesNothing() {
        assertThatThrownBy(() -> read(store, torrent, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> write(store, 0, right(0))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aStoreIsOpenedAgainAfterAFailure() throws IOException {
        Path other = file(temp.resolve("copy").resolve("file.bin"), 5);
        assertFails(Reason.OCCUPIED, () -> open(store, torrent));
        Files.delete(other);

        assertThat(open(store, torrent).cardinality()).isZero();

        end(store.close());
    }

    @Test
    void aStoreIsOpenedAgainAfterACancellation() throws Exception {
        file(temp.resolve("copy").resolve("file.bin"), 5);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        FileStore slow = store.overwrite(true).onOverwrite(other -> {
            begun.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("an opening must not be interrupted", e);
            }
        });
        Disposable opening = slow.open(torrent, all(torrent)).subscribe();
        begun.await();

        opening.dispose();
        assertThatThrownBy(() -> open(slow, torrent)).isInstanceOf(IllegalStateException.class);
        go.countDown();

        PieceSet have = await(slow.open(torrent, all(torrent))
                .retryWhen(Retry.fixedDelay(1_000, Duration.ofMillis(5))
                        .filter(error -> error instanceof IllegalStateException)));
        assertThat(have.cardinality()).isZero();
        write(slow, 0, right(0));
        end(slow.close());
    }

    @Test
    void aCloseEndsTheOpening() {
        FileStore closing = FileStore.existing(source);

        StepVerifier.create(closing.open(torrent, all(torrent))
                        .doOnSubscribe(opening -> closing.close().subscribe()))
                .verifyErrorSatisfies(error -> assertFails(Reason.CLOSED, () -> {
                    throw error;
                }));
    }
}
