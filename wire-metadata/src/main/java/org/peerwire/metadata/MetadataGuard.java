/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import io.netty.buffer.ByteBuf;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.peerwire.Wire;
import org.peerwire.metadata.MetadataException.Reason;
import org.peerwire.metadata.MetadataMessage.Data;
import org.peerwire.metadata.MetadataMessage.Reject;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Watches what the peer of one wire says, whoever asks and answers there: counts what is odd, and closes the wire of a
 * peer that goes on with messages that are none or that nobody asked for.
 */
final class MetadataGuard {
    private final Wire wire;
    private final Consumer<MetadataIgnored> ignored;
    private final Sinks.Empty<Void> flooded = Sinks.empty();

    /** Requests without an answer, by piece. */
    private final Map<Long, Integer> asked = new ConcurrentHashMap<>();

    // Touched on the event loop only.
    private int nonsense;

    MetadataGuard(Wire wire, Consumer<MetadataIgnored> ignored) {
        this.wire = wire;
        this.ignored = ignored;
    }

    void start() {
        wire.extension(UtMetadata.NAME).inbound().onErrorComplete().subscribe(this::check);
    }

    /** A request is about to be sent. Any thread. */
    void asked(int piece) {
        asked.merge((long) piece, 1, Integer::sum);
    }

    /** Fails when the peer has gone too far and its wire has been closed. */
    Mono<Void> flooded() {
        return flooded.asMono();
    }

    private void check(ByteBuf payload) {
        MetadataMessage message = MetadataMessage.decode(payload, ignored);
        boolean isExpected = message instanceof Data data
                ? isAnswer(data.piece())
                : message instanceof Reject reject ? isAnswer(reject.piece()) : message != null;
        if (!isExpected && ++nonsense == UtMetadata.TOLERATED) {
            flooded.tryEmitError(new MetadataException(
                    Reason.FLOODED, nonsense + " messages of a peer were none or not asked for", null));
            wire.dispose();
        }
    }

    private boolean isAnswer(long piece) {
        boolean[] found = {false};
        asked.computeIfPresent(piece, (key, count) -> {
            found[0] = true;
            return count > 1 ? count - 1 : null;
        });
        if (!found[0]) {
            ignored.accept(MetadataIgnored.UNREQUESTED);
        }
        return found[0];
    }
}
