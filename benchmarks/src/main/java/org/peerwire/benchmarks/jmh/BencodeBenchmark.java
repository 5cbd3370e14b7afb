/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.jmh;

import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.test.Vectors;

/** A benchmark of bencode, with an extended handshake and the metadata of a torrent of 1,024 pieces. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BencodeBenchmark {
    /** The bytes before the dictionary: length prefix, id and the number of the extension. */
    private static final int BEFORE_PAYLOAD = 6;

    private final byte[] handshake = payload(Vectors.EXTENDED_HANDSHAKE);
    private final byte[] metadata = metadata();
    private final BencodeValue metadataValue = Bencode.decode(metadata, BencodeLimits.DEFAULT);

    /** Decodes an extended handshake of 166 bytes. */
    @Benchmark
    public BencodeValue decodeExtendedHandshake() {
        return Bencode.decode(handshake);
    }

    /** Decodes metadata of 20 KiB. */
    @Benchmark
    public BencodeValue decodeMetadata() {
        return Bencode.decode(metadata, BencodeLimits.DEFAULT);
    }

    /** Looks up a number in decoded metadata. */
    @Benchmark
    public long lookUp() {
        BencodeValue length = metadataValue.get("piece length");
        return length == null ? 0 : length.asLong().orElse(0);
    }

    /** Encodes the metadata. */
    @Benchmark
    public byte[] encodeMetadata() {
        return metadata();
    }

    private static byte[] payload(String message) {
        byte[] bytes = ByteBufUtil.decodeHexDump(message);
        return Arrays.copyOfRange(bytes, BEFORE_PAYLOAD, bytes.length);
    }

    private static byte[] metadata() {
        Map<String, BencodeValue> info = new TreeMap<>();
        info.put("length", BencodeValue.of(1L << 30));
        info.put("name", BencodeValue.of("name"));
        info.put("piece length", BencodeValue.of(1L << 20));
        info.put("pieces", BencodeValue.of(new byte[20 * 1024]));
        return BencodeValue.dictionary(info).encoded();
    }
}
