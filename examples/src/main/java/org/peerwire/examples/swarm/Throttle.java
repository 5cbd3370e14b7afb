/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.peerwire.BlockSource;
import org.peerwire.message.BlockRequest;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A block source with a maximum rate, shared by all wires it serves. */
public final class Throttle implements BlockSource {
    private final BlockSource source;
    private final long bytesPerSecond;
    private final Scheduler clock = Schedulers.parallel();
    private final AtomicLong busyUntil = new AtomicLong();

    /** Limits a source to this number of bytes per second. */
    public Throttle(BlockSource source, long bytesPerSecond) {
        this.source = source;
        this.bytesPerSecond = bytesPerSecond;
    }

    @Override
    public Mono<ByteBuf> read(BlockRequest request) {
        return Mono.defer(() -> {
            long now = clock.now(TimeUnit.NANOSECONDS);
            long takes = TimeUnit.SECONDS.toNanos(1) * request.length() / bytesPerSecond;
            long until = busyUntil.updateAndGet(before -> Math.max(before, now) + takes);
            return Mono.delay(Duration.ofNanos(until - now), clock).then(source.read(request));
        });
    }
}
