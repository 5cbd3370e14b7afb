/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;
import org.peerwire.Features;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import org.peerwire.test.ScriptedPeer;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * What a message costs from the read to the subscribers of {@code inbound()}: interested and not interested in turn, 128 to
 * a read, on a wire in memory. Decoding, the state and the channel are part of it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class InboundBenchmark {
    private static final int MESSAGES = 128;

    /** How many listen. */
    @Param({"0", "1", "3"})
    public int subscribers;

    private final LocalPeer self = LocalPeer.of(InfoHash.of(new byte[20]), PeerId.random());
    private final ScriptedPeer peer = ScriptedPeer.dialledBy(self).handshake(Features.NONE);
    private final ByteBuf read = Unpooled.directBuffer();
    private final Disposable.Composite listening = Disposables.composite();

    /** Opens the wire and subscribes. */
    @Setup
    public void open(Blackhole sink) {
        for (int i = 0; i < subscribers; i++) {
            listening.add(peer.wire().inbound().subscribe(sink::consume));
        }
        for (int i = 0; i < MESSAGES; i++) {
            MessageCodec.encode(i % 2 == 0 ? new Message.Interested() : new Message.NotInterested(), read);
        }
    }

    /** One read of 128 messages. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void read() {
        peer.send(read.retainedDuplicate());
    }

    /** The wire has to have stood all of it. */
    @TearDown
    public void close() {
        if (peer.isClosed() || peer.wire().stats().messagesIn() < MESSAGES) {
            throw new IllegalStateException("the wire has not read what it was sent");
        }
        listening.dispose();
        peer.dispose();
    }
}
