/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.internal.handshake.OpeningProbe.SELF;
import static org.peerwire.internal.handshake.OpeningProbe.THEIRS;
import static org.peerwire.internal.handshake.OpeningProbe.encoded;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.ConnectionException;
import org.peerwire.HandshakeException;
import org.peerwire.ProtocolException;
import org.peerwire.Wire;
import org.peerwire.WireException;
import org.peerwire.internal.engine.Engine;
import org.peerwire.internal.engine.OpenWire;
import org.peerwire.internal.inbound.FrameLimits;
import org.peerwire.internal.inbound.PeerWireDecoder;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.internal.peer.KnownTorrent;
import org.peerwire.message.Message;
import reactor.test.subscriber.TestSubscriber;

/** A reader before and after the engine is there. */
class WireReaderTest {
    private final OpeningProbe probe = new OpeningProbe();
    private final WireContext context = new WireContext(probe.channel.eventLoop(), probe.clock);
    private final KnownTorrent torrent = new KnownTorrent(1_000);
    private final FrameLimits frames = new FrameLimits(probe.options.limits(), torrent);
    private final PeerWireDecoder decoder = new PeerWireDecoder(probe.alloc, probe.options, frames);
    private final EncryptionLayer encryption = new EncryptionLayer(context, probe.connection, probe.setup, decoder);
    private final WireReader reader = new WireReader(context, probe.connection, encryption, decoder);
    private final List<@Nullable WireException> ends = new ArrayList<>();
    private @Nullable Wire wire;

    @AfterEach
    void nothingRemains() {
        context.end(null);
        probe.assertNothingRemains();
    }

    /** Reads until the handshake. */
    private void start() {
        context.closeWith(cause -> {
            ends.add(cause);
            reader.close();
        });
        reader.start(error -> {});
    }

    /** Reads, and opens a wire at the handshake. Returns the messages that a subscriber receives. */
    private TestSubscriber<Message> open() {
        start();
        TestSubscriber<Message> inbound = TestSubscriber.create();
        decoder.deliverHandshakeTo(theirs -> {
            Engine engine = new Engine(
                    context, probe.channel, probe.options, torrent, frames, reader, reader::close, SELF, theirs);
            Wire opened = new OpenWire(engine, theirs, true, null);
            reader.deliverTo(engine);
            engine.start(opened, false);
            opened.inbound().subscribe(inbound);
            wire = opened;
        });
        probe.receive(THEIRS);
        return inbound;
    }

    private WireException end() {
        TestSubscriber<Void> closed = TestSubscriber.create();
        assertThat(wire).isNotNull();
        wire.onClose().subscribe(closed);
        return (WireException) closed.expectTerminalError();
    }

    private void closeConnection() {
        probe.channel.close();
        probe.channel.runPendingTasks();
    }

    // ---- before the engine ----

    @Test
    void connectionThatEndsBeforeTheHandshakeEndsTheOpening() {
        start();
        probe.receive(new byte[] {19, 'B', 'i', 't'});

        closeConnection();

        assertThat(ends).singleElement().isInstanceOf(HandshakeException.class);
        assertThat(((HandshakeException) ends.get(0)).reason()).isEqualTo(HandshakeException.Reason.CLOSED);
    }

    @Test
    void failureBeforeTheHandshakeIsTheCause() {
        start();

        probe.channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));

        assertThat(ends).hasSize(1);
        assertThat(ends.get(0)).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void connectionThatEndsBeforeTheReaderStartsEndsTheOpening() {
        closeConnection();

        start();

        assertThat(ends).hasSize(1);
    }

    @Test
    void violationInTheHandshakeEndsTheOpening() {
        start();

        probe.receive(new byte[] {18});

        assertThat(ends).hasSize(1);
        assertThat(((HandshakeException) ends.get(0)).reason()).isEqualTo(HandshakeException.Reason.NOT_BITTORRENT);
    }

    @Test
    void readAfterTheEndIsNeitherCountedNorDecoded() {
        start();
        context.end(null);
        ByteBuf read = probe.alloc.buffer(1).writeByte(18);

        reader.onNext(read);

        assertThat(read.readableBytes()).isEqualTo(1);
        assertThat(context.counters().snapshot().bytesIn()).isZero();
        read.release();
    }

    // ---- with an engine ----

    @Test
    void messagesOfAReadReachTheEngineInTheirOrder() {
        TestSubscriber<Message> inbound = open();

        probe.receive(new Message.Have(1), new Message.Have(2));

        assertThat(inbound.getReceivedOnNext()).containsExactly(new Message.Have(1), new Message.Have(2));
        assertThat(context.counters().snapshot().bytesIn()).isEqualTo(68 + 18);
    }

    @Test
    void answersToOneReadLeaveWithOneFlush() {
        TestSubscriber<Message> inbound = open();
        assertThat(wire).isNotNull();
        wire.inbound().subscribe(message -> wire.outbound().tryEmit(new Message.Have(7)));
        int before = probe.channel.flushes();

        probe.receive(new Message.Have(1), new Message.Have(2), new Message.Have(3));

        assertThat(inbound.getReceivedOnNext()).hasSize(3);
        assertThat(probe.channel.flushes()).isEqualTo(before + 1);
    }

    @Test
    void violationEndsTheWireAndDropsTheRestOfTheRead() {
        TestSubscriber<Message> inbound = open();
        byte[] bytes = encoded(new Message.Have(1), new Message.Have(-1), new Message.Have(2));

        probe.receive(bytes);

        assertThat(end()).isInstanceOf(ProtocolException.class);
        assertThat(inbound.getReceivedOnNext()).containsExactly(new Message.Have(1));
    }

    @Test
    void pauseKeepsTheRestOfTheReadForTheResume() {
        TestSubscriber<Message> inbound = open();
        assertThat(wire).isNotNull();
        wire.inbound().take(1).subscribe(message -> reader.pause());

        probe.receive(new Message.Have(1), new Message.Have(2));
        assertThat(inbound.getReceivedOnNext()).containsExactly(new Message.Have(1));
        reader.resume();

        assertThat(inbound.getReceivedOnNext()).containsExactly(new Message.Have(1), new Message.Have(2));
    }

    @Test
    void endDuringAPauseHandsOutEverythingThatWasRead() {
        TestSubscriber<Message> inbound = open();
        reader.pause();
        probe.receive(new Message.Have(1));
        assertThat(inbound.getReceivedOnNext()).isEmpty();

        closeConnection();

        assertThat(inbound.getReceivedOnNext()).containsExactly(new Message.Have(1));
        assertThat(inbound.isTerminatedComplete()).isTrue();
    }

    @Test
    void endDuringAPauseInTheMiddleOfAMessageIsAnError() {
        TestSubscriber<Message> inbound = open();
        reader.pause();
        probe.receive(encoded(new Message.Have(1)));
        probe.receive(new byte[] {0, 0, 0, 5, 4});

        closeConnection();

        assertThat(inbound.getReceivedOnNext()).containsExactly(new Message.Have(1));
        assertThat(((ConnectionException) end()).reason()).isEqualTo(ConnectionException.Reason.TRUNCATED);
    }

    @Test
    void violationAmongTheLastBytesIsTheCauseOfTheEnd() {
        open();
        reader.pause();
        probe.receive(new Message.Have(-1));

        closeConnection();

        assertThat(end()).isInstanceOf(ProtocolException.class);
    }

    @Test
    void violationDuringAResumeEndsTheWire() {
        open();
        reader.pause();
        probe.receive(new Message.Have(-1));

        reader.resume();

        assertThat(end()).isInstanceOf(ProtocolException.class);
    }

    @Test
    void failureOfTheConnectionIsTheCauseOfTheEnd() {
        open();

        probe.channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));

        assertThat(((ConnectionException) end()).reason()).isEqualTo(ConnectionException.Reason.FAILED);
    }

    @Test
    void subscriberThatEndsTheWireDuringAReadStopsTheRestOfIt() {
        TestSubscriber<Message> inbound = open();
        assertThat(wire).isNotNull();
        wire.inbound().subscribe(message -> wire.dispose());

        probe.receive(new Message.Have(1), new Message.Have(2));

        assertThat(inbound.getReceivedOnNext()).containsExactly(new Message.Have(1));
        assertThat(inbound.isTerminatedComplete()).isTrue();
    }

    // ---- the socket ----

    @Test
    void socketIsReadAheadDuringAPauseUpToABound() {
        open();
        reader.pause();
        probe.channel.config().setAutoRead(true);

        probe.receive(new byte[60 * 1024]); // keep-alives
        assertThat(probe.channel.config().isAutoRead()).isTrue();
        probe.receive(new byte[8 * 1024]);

        assertThat(probe.channel.config().isAutoRead()).isFalse();
    }
}
