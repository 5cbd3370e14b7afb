/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.peerwire.metadata.MetadataMessage.Request;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The answers to the metadata requests of one peer. */
final class MetadataServer {
    /** The period of the limit for one peer. */
    static final Duration PERIOD = Duration.ofHours(1);

    /** The number of pieces for one peer and period, in addition to twice the pieces of the metadata. */
    static final int SPARE = 16;

    private final MetadataChannel channel;
    private final Supplier<@Nullable ServedMetadata> metadata;
    private final Scheduler clock;
    private long periodStart;
    private int served;

    MetadataServer(MetadataChannel channel, Supplier<@Nullable ServedMetadata> metadata, Scheduler clock) {
        this.channel = channel;
        this.metadata = metadata;
        this.clock = clock;
        this.periodStart = clock.now(TimeUnit.MILLISECONDS);
    }

    Mono<Void> run() {
        return channel.messages().ofType(Request.class).concatMap(this::answer).then();
    }

    /** Sends an answer. Ignores the error for a peer that has not listed the extension. */
    private Mono<Void> answer(Request request) {
        return channel.send(answer(request.piece())).onErrorComplete();
    }

    private ByteBuf answer(long piece) {
        ServedMetadata whole = metadata.get();
        if (whole == null || whole.isPrivate() || piece < 0 || piece >= whole.pieceCount()) {
            channel.count(MetadataIgnored.NOT_SERVED);
            return MetadataMessage.reject(piece);
        }
        if (!isGranted(whole)) {
            channel.count(MetadataIgnored.EXCESS_REQUEST);
            return MetadataMessage.reject(piece);
        }
        served++;
        return whole.message((int) piece);
    }

    private boolean isGranted(ServedMetadata whole) {
        long now = clock.now(TimeUnit.MILLISECONDS);
        if (now - periodStart >= PERIOD.toMillis()) {
            periodStart = now;
            served = 0;
        }
        return served < 2 * whole.pieceCount() + SPARE;
    }
}
