/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.publisher.TestPublisher;

class LastingTasksTest {

    /** Fails on the scheduler alone: the buffers keep one reference each. */
    @Test
    void buffersThatWaitForTheSchedulerAreReleasedAfterACancel() {
        Queue<Runnable> waiting = new ArrayDeque<>();
        Scheduler busy = Schedulers.fromExecutor(waiting::add);
        TestPublisher<ByteBuf> source = TestPublisher.create();
        List<ByteBuf> buffers = Stream.generate(() -> PooledByteBufAllocator.DEFAULT.buffer(16))
                .limit(3)
                .toList();
        Disposable subscription = source.flux()
                .publishOn(new LastingTasks(busy))
                .doOnDiscard(ByteBuf.class, ReferenceCountUtil::release)
                .subscribe();

        buffers.forEach(source::next);
        subscription.dispose();
        waiting.forEach(Runnable::run);

        assertThat(buffers).allSatisfy(buffer -> assertThat(buffer.refCnt()).isZero());
    }
}
