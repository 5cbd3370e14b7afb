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
 * A benchmark of a message from the read to the subscribers of {@code inbound()}. A read has 128 messages, interested
 * and not interested in turn, on a wire in memory. It includes decoding, the state and the channel.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class InboundBenchmark {
    private static final int MESSAGES = 128;

    /** The number of subscribers. */
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

    /** Reads 128 messages. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void read() {
        peer.send(read.retainedDuplicate());
    }

    /** Checks that the wire is still open and has read all messages. */
    @TearDown
    public void close() {
        if (peer.isClosed() || peer.wire().stats().messagesIn() < MESSAGES) {
            throw new IllegalStateException("the wire must read all messages");
        }
        listening.dispose();
        peer.dispose();
    }
}
