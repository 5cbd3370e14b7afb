/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.peerwire.message.Buffered;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import org.peerwire.message.MessageType;
import org.peerwire.test.Vectors;

/**
 * A benchmark of the codec for every message. A piece has 16 KiB, a bitfield 1,024 pieces. The data of a piece is not
 * copied.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MessageBenchmark {
    private static final int PREFIX = MessageCodec.PREFIX_LENGTH;

    /** The type of the message. */
    @Param
    public MessageType type = MessageType.KEEP_ALIVE;

    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
    private ByteBuf out = Unpooled.EMPTY_BUFFER;
    private Message message = new Message.KeepAlive();

    /** Creates the bytes, and the message from them. */
    @Setup
    public void prepare() {
        bytes = Unpooled.directBuffer().writeBytes(ByteBufUtil.decodeHexDump(hex(type)));
        switch (type) {
            case PIECE -> bytes.writeZero(16 * 1024);
            case BITFIELD -> bytes.writeZero(1024 / 8);
            default -> {}
        }
        out = Unpooled.directBuffer(2 * bytes.readableBytes());
        message =
                Objects.requireNonNull(MessageCodec.decode(bytes.duplicate()), "the bytes must be a complete message");
    }

    /** Encodes into a buffer that is large enough. */
    @Benchmark
    public ByteBuf encode() {
        out.clear();
        MessageCodec.encode(message, out);
        return out;
    }

    /** Decodes as a wire with pooled payloads. */
    @Benchmark
    public Message decode() {
        bytes.readerIndex(PREFIX);
        Message decoded = MessageCodec.decodeBody(bytes, bytes.readableBytes(), true);
        if (decoded instanceof Buffered buffered) {
            buffered.content().release();
        }
        return decoded;
    }

    private static String hex(MessageType type) {
        return switch (type) {
            case KEEP_ALIVE -> Vectors.KEEP_ALIVE;
            case CHOKE -> Vectors.CHOKE;
            case UNCHOKE -> Vectors.UNCHOKE;
            case INTERESTED -> Vectors.INTERESTED;
            case NOT_INTERESTED -> Vectors.NOT_INTERESTED;
            case HAVE -> Vectors.HAVE;
            case BITFIELD -> "0000008105";
            case REQUEST -> Vectors.REQUEST;
            case PIECE -> Vectors.PIECE_HEADER;
            case CANCEL -> Vectors.CANCEL;
            case PORT -> Vectors.PORT;
            case SUGGEST_PIECE -> Vectors.SUGGEST_PIECE;
            case HAVE_ALL -> Vectors.HAVE_ALL;
            case HAVE_NONE -> Vectors.HAVE_NONE;
            case REJECT_REQUEST -> Vectors.REJECT_REQUEST;
            case ALLOWED_FAST -> Vectors.ALLOWED_FAST;
            case EXTENDED -> Vectors.METADATA_REQUEST;
            case HASH_REQUEST -> Vectors.HASH_REQUEST;
            case HASHES -> Vectors.HASHES;
            case HASH_REJECT -> Vectors.HASH_REJECT;
            case UNKNOWN -> "00000005c801020304";
        };
    }
}
