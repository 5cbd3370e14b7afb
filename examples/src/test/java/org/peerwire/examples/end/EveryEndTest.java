/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.peerwire.examples.end.Dimensions.Transport;
import reactor.netty.resources.LoopResources;

/**
 * Peers that end the connection after every byte of the handshake and after every message, in every way. Each time the
 * wire must end within a second, with everything that hangs on it, and nothing may hold it after that.
 *
 * <p>{@link Dimensions} lists the dimensions, {@link Cell} the combinations that are left out. The property
 * {@code peerwire.matrix} with the value {@code full} adds every cut of an encrypted handshake.
 */
class EveryEndTest {
    private static final int BATCH = 400;
    private static final int PEERS = 32;
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final LoopResources LOOPS = LoopResources.create("end", 2, true);
    private static final ExecutorService PEER_THREADS = Executors.newFixedThreadPool(PEERS);

    @AfterAll
    static void stop() {
        PEER_THREADS.shutdownNow();
        LOOPS.disposeLater(Duration.ZERO, SOON).block(SOON);
    }

    @Test
    void everyWireOverNioEndsWithItsConnection() throws InterruptedException {
        run(Transport.NIO);
    }

    @Test
    void everyWireOverEpollEndsWithItsConnection() throws InterruptedException {
        Assumptions.assumeTrue(Epoll.isAvailable());
        run(Transport.EPOLL);
    }

    @Test
    void everyWireInMemoryEndsWithItsConnection() throws InterruptedException {
        run(Transport.MEMORY);
    }

    private static Trial trial(Cell cell) {
        return cell.transport() == Transport.MEMORY ? new MemoryTrial(cell) : new SocketTrial(cell, LOOPS);
    }

    private static void run(Transport transport) throws InterruptedException {
        Failures failures = new Failures();
        List<Cell> cells = Cells.of(transport);
        for (int from = 0; from < cells.size(); from += BATCH) {
            List<Trial> trials = new ArrayList<>();
            for (Cell cell : cells.subList(from, Math.min(cells.size(), from + BATCH))) {
                trials.add(trial(cell));
            }
            new Batch(trials).run(PEER_THREADS, failures);
        }
        if (failures.failed() > 0) {
            System.out.println(transport.text + ": " + failures.report());
        }
        assertThat(failures.failed()).as(failures::summary).isZero();
    }
}
