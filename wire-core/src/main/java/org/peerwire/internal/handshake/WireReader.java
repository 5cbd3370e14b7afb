/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.HandshakeException;
import org.peerwire.HandshakeException.Reason;
import org.peerwire.WireException;
import org.peerwire.internal.engine.Engine;
import org.peerwire.internal.inbound.PeerWireDecoder;
import org.peerwire.internal.inbound.ReadGate;
import org.peerwire.internal.loop.Counters.Counter;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.loop.Transport;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.internal.outbound.OutboundQueue;
import reactor.core.publisher.BaseSubscriber;
import reactor.netty.Connection;

/**
 * The subscriber of a connection for its whole life: decrypts each read, decodes it, and from then on the decoder calls
 * the receiver of handshake or messages itself. Everything that one read causes to be written leaves with one flush.
 */
@EventLoopOnly
final class WireReader extends BaseSubscriber<Object> implements ReadGate.Reading {
    private final WireContext context;
    private final Connection connection;
    private final Channel channel;
    private final EncryptionLayer encryption;
    private final PeerWireDecoder decoder;
    private Consumer<Throwable> onError = error -> {};
    private @Nullable Engine engine;
    private @Nullable OutboundQueue batched;

    /** The reads in progress: a resume may come inside another. */
    private int reads;

    WireReader(WireContext context, Connection connection, EncryptionLayer encryption, PeerWireDecoder decoder) {
        this.context = context;
        this.connection = connection;
        this.channel = connection.channel();
        this.encryption = encryption;
        this.decoder = decoder;
    }

    /**
     * Begins to read.
     *
     * @param whileOpening receives errors of this side until the engine exists
     */
    void start(Consumer<Throwable> whileOpening) {
        onError = whileOpening;
        connection.inbound().receiveObject().subscribe(this);
    }

    /** Hands the messages to an engine from now on. */
    void deliverTo(Engine opened) {
        engine = opened;
        decoder.deliverMessagesTo(opened.messages());
    }

    @Override
    protected void hookOnNext(Object read) {
        if (context.isEnded()) {
            return;
        }
        ByteBuf in = (ByteBuf) read;
        context.counters().add(Counter.BYTES_IN, in.readableBytes());
        context.clock().onRead();
        beginBatch();
        try {
            encryption.read(in);
            decoder.feed(in);
        } catch (WireException e) {
            context.end(e);
        } catch (Throwable t) { // Netty would log it and end the connection without its reason
            end(t);
        } finally {
            endBatch();
        }
        decoder.limitReadAhead(channel);
    }

    @Override
    public void pause() {
        decoder.pause();
        decoder.limitReadAhead(channel);
    }

    @Override
    public void resume() {
        beginBatch();
        try {
            decoder.resume();
        } catch (WireException e) {
            context.end(e);
        } finally {
            endBatch();
        }
        if (!decoder.isPaused() && !context.isEnded()) {
            channel.config().setAutoRead(true);
        }
    }

    @Override
    protected void hookOnComplete() {
        end(null);
    }

    @Override
    protected void hookOnError(Throwable cause) {
        end(cause);
    }

    /** Decodes what has been read, also during a pause, and then ends. */
    private void end(@Nullable Throwable cause) {
        if (context.isEnded()) {
            return;
        }
        Engine opened = engine;
        if (opened == null && (cause == null || Transport.isFailure(cause))) {
            String how = cause == null ? "the peer closed the connection" : Transport.describe(cause);
            context.end(new HandshakeException(Reason.CLOSED, how + " before its handshake was complete", cause));
        } else if (opened == null) {
            onError.accept(cause);
        } else {
            end(opened, cause);
        }
    }

    private void end(Engine opened, @Nullable Throwable cause) {
        beginBatch();
        try {
            decoder.finish();
        } catch (WireException e) {
            context.end(e);
        } finally {
            endBatch();
        }
        opened.onConnectionEnd(!decoder.atBoundary(), cause);
    }

    /** Closes the connection and releases the bytes that have been read. */
    void close() {
        decoder.close();
        connection.dispose();
    }

    private void beginBatch() {
        reads++;
        joinBatch();
    }

    /** Holds back writing until the end of the current read, if there is an engine, which may come during the read. */
    void joinBatch() {
        if (engine != null && batched == null && reads > 0) {
            batched = engine.outbound();
            batched.beginBatch();
        }
    }

    private void endBatch() {
        OutboundQueue held = batched;
        if (--reads == 0 && held != null) {
            batched = null;
            held.endBatch();
        }
    }
}
