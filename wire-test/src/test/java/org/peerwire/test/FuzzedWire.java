/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.peerwire.ConnectionException;
import org.peerwire.HandshakeException;
import org.peerwire.LocalPeer;
import org.peerwire.ProtocolException;
import org.peerwire.Wire;
import org.peerwire.WireException;
import org.peerwire.WireOptions;
import org.peerwire.leaks.LeakDetector;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import reactor.core.publisher.Hooks;

/**
 * A wire in memory for a fuzzer. {@link #close} checks the rules of every input. The wire ends in order or with one
 * typed error, and every subscriber gets the end. No error is dropped, and no buffer is left.
 */
final class FuzzedWire implements AutoCloseable {
    private static final Duration LONGER_THAN_THE_HANDSHAKE = Duration.ofSeconds(11);

    private final List<Throwable> dropped = new ArrayList<>();
    private final ByteBuf shown = Unpooled.buffer();
    private final ScriptedPeer peer;
    private @Nullable Recorder<Message> inbound;
    private @Nullable Recorder<Void> end;

    /** Opens a wire that dials or is dialled. {@code user} gets it before its first message. */
    FuzzedWire(boolean dials, LocalPeer self, UnaryOperator<WireOptions.Builder> options, Consumer<Wire> user) {
        Hooks.onErrorDropped(dropped::add);
        Consumer<Wire> users = wire -> {
            inbound = Recorder.of(wire.inbound().doOnNext(message -> MessageCodec.encode(message, shown)));
            end = Recorder.of(wire.onClose());
            user.accept(wire);
        };
        peer = dials ? ScriptedPeer.dialledBy(self, options, users) : ScriptedPeer.dialling(self, options, users);
    }

    ScriptedPeer peer() {
        return peer;
    }

    boolean isOpen() {
        return end != null;
    }

    /** Sends a part of the bytes in one read. */
    void feed(byte[] bytes, int from, int length) {
        if (length > 0 && !peer.isClosed()) {
            peer.send(Unpooled.copiedBuffer(bytes, from, length));
        }
    }

    /** Returns all observations of the peer and the user, to compare two runs. */
    String account() {
        Recorder<Void> ended = end;
        if (ended == null) {
            return "not open, " + describe(peer.failure()) + ", sent " + peer.received();
        }
        Wire wire = peer.wire();
        return String.join(
                "\n",
                "ended " + ended.hasEnded() + " " + describe(ended.error()),
                "remote " + wire.remote(),
                "shown " + ByteBufUtil.hexDump(shown),
                // an answer that waits for the end of the read is lost with the wire
                "sent " + (ended.error() == null ? peer.received() : "something"),
                "pieces " + wire.peerPieces(),
                "state " + wire.state() + wire.peerAllowedFast() + wire.peerSuggested(),
                "messages " + wire.stats().messagesIn() + " " + wire.stats().ignored());
    }

    /** Removes the id and the text of the error: a prefix over the limit is refused with or without its id. */
    private static String describe(@Nullable Throwable failure) {
        if (failure instanceof ProtocolException e) {
            return "PROTOCOL " + e.reason() + " " + e.offset();
        }
        return failure instanceof HandshakeException e ? "HANDSHAKE " + e.reason() : String.valueOf(failure);
    }

    /** Closes the connection if the wire is open, and checks that nothing remains. */
    @Override
    public void close() {
        try {
            Throwable failure = isOpen() ? checkOpened() : checkUnopened();
            assertThat(failure == null || failure instanceof WireException)
                    .as("a typed failure: %s", failure)
                    .isTrue();
        } finally {
            peer.dispose();
            shown.release();
            Hooks.resetOnErrorDropped();
        }
        assertThat(dropped).as("dropped errors").isEmpty();
        LeakDetector.check();
    }

    private @Nullable Throwable checkUnopened() {
        if (peer.failure() == null) {
            peer.advance(LONGER_THAN_THE_HANDSHAKE);
            assertThat(peer.failure())
                    .isInstanceOfSatisfying(HandshakeException.class, late -> assertThat(late.reason())
                            .isEqualTo(HandshakeException.Reason.TIMED_OUT));
        }
        assertThat(peer.failure()).isInstanceOf(HandshakeException.class);
        assertThat(peer.isClosed()).isTrue();
        return peer.failure();
    }

    private @Nullable Throwable checkOpened() {
        Recorder<Void> ended = end;
        Recorder<Message> heard = inbound;
        if (ended == null || heard == null) {
            throw new AssertionError("the wire is not open");
        }
        if (ended.hasEnded()) {
            assertThat(ended.error()).as("what the peer's bytes end").isInstanceOf(ProtocolException.class);
        } else {
            peer.close();
            if (ended.error() != null) {
                assertThat(ended.error())
                        .isInstanceOfSatisfying(ConnectionException.class, cut -> assertThat(cut.reason())
                                .isEqualTo(ConnectionException.Reason.TRUNCATED));
            }
        }
        assertThat(ended.hasEnded()).isTrue();
        assertThat(heard.hasEnded()).isTrue();
        assertThat(heard.error()).isSameAs(ended.error());
        assertThat(peer.isClosed()).isTrue();
        assertThat(peer.wire().stats().uploadBytesHeld()).isZero();
        return ended.error();
    }
}
