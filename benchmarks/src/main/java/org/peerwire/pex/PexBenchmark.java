/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A benchmark of the codec for a message with 50 peers. It is in the package of the codec, which is not public. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PexBenchmark {
    private static final int PEERS = 50;

    private final PexMessage message = new PexMessage(
            IntStream.range(0, PEERS)
                    .mapToObj(i -> new PeerEvent.Added(new InetSocketAddress("198.51.100." + i, 6881), PexFlags.NONE))
                    .toList(),
            List.of());
    private final ByteBuf bytes = message.encode();

    /** Checks that the codec reads the whole message. */
    public PexBenchmark() {
        if (decode().added().size() != PEERS) {
            throw new IllegalStateException("the codec must read the whole message");
        }
    }

    /** Decodes the message. */
    @Benchmark
    public final PexMessage decode() {
        return PexMessage.decode(bytes, PEERS, PEERS, ignored -> {});
    }

    /** Encodes the message. */
    @Benchmark
    public ByteBuf encode() {
        return message.encode();
    }
}
