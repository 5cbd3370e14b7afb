/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import io.netty.buffer.ByteBuf;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.peerwire.Wire;
import org.peerwire.extension.ExtensionChannel;
import org.peerwire.metadata.MetadataException.Reason;
import org.peerwire.metadata.MetadataMessage.Data;
import org.peerwire.metadata.MetadataMessage.Malformed;
import org.peerwire.metadata.MetadataMessage.Reject;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * The {@code ut_metadata} messages of one wire, for the server and all fetches on it. Counts anomalies. Closes the wire
 * when the peer has sent {@link UtMetadata#TOLERATED} malformed or unrequested messages.
 */
final class MetadataChannel {
    private final Wire wire;
    private final ExtensionChannel channel;
    private final Flux<MetadataMessage> messages;
    private final Consumer<MetadataIgnored> ignored;
    private final Sinks.Empty<Void> flooded = Sinks.empty();

    /** The number of unanswered requests for each piece. */
    private final Map<Long, Integer> asked = new ConcurrentHashMap<>();

    // event loop only
    private int unexpected;

    private MetadataChannel(
            Wire wire, Function<? super ByteBuf, MetadataMessage> decoder, Consumer<MetadataIgnored> ignored) {
        this.wire = wire;
        this.channel = wire.extension(UtMetadata.NAME);
        this.messages = channel.inbound(decoder);
        this.ignored = ignored;
    }

    /**
     * Creates the channel of a wire, which checks each message until the wire ends.
     *
     * @param decoder the one decoder of the channel, so that each message is decoded once
     */
    static MetadataChannel watch(
            Wire wire, Function<? super ByteBuf, MetadataMessage> decoder, Consumer<MetadataIgnored> ignored) {
        MetadataChannel channel = new MetadataChannel(wire, decoder, ignored);
        channel.messages.onErrorComplete().subscribe(channel::check);
        return channel;
    }

    /** Returns the messages of the peer, on the event loop. All subscribers share the decoded messages. */
    Flux<MetadataMessage> messages() {
        return messages;
    }

    /** Returns a publisher that fails after a flood has closed the wire, and has no other signal. */
    Mono<Void> flooded() {
        return flooded.asMono();
    }

    Mono<Void> send(ByteBuf payload) {
        return channel.send(payload);
    }

    /** Sends a request. Ignores a failure: the request gets no answer then. Any thread. */
    void request(int piece, Context context) {
        asked.merge((long) piece, 1, Integer::sum); // before the answer can come
        send(MetadataMessage.request(piece)).subscribe(null, failure -> {}, null, context);
    }

    void count(MetadataIgnored kind) {
        ignored.accept(kind);
    }

    private void check(MetadataMessage message) {
        if (!isExpected(message) && ++unexpected == UtMetadata.TOLERATED) {
            flooded.tryEmitError(new MetadataException(
                    Reason.FLOODED,
                    "malformed or unrequested ut_metadata messages must be at most " + (UtMetadata.TOLERATED - 1)
                            + " on a wire, were " + unexpected + "; the wire to " + wire.remoteAddress()
                            + " was closed",
                    null));
            wire.dispose();
        }
    }

    private boolean isExpected(MetadataMessage message) {
        if (message instanceof Data data) {
            return isAnswer(data.piece());
        }
        return message instanceof Reject reject ? isAnswer(reject.piece()) : !(message instanceof Malformed);
    }

    private boolean isAnswer(long piece) {
        boolean[] found = {false};
        asked.computeIfPresent(piece, (key, count) -> {
            found[0] = true;
            return count > 1 ? count - 1 : null;
        });
        if (!found[0]) {
            count(MetadataIgnored.UNREQUESTED);
        }
        return found[0];
    }
}
