/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.Handshake;
import org.peerwire.HandshakeStart;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;

/**
 * Fuzzes the first bytes of a connection. They give a wire or a {@code HandshakeException}, the same at every cut, and
 * a peer of another torrent gets no byte. The first byte of an input chooses the settings, the next two the cut.
 */
class HandshakeFuzzTest {
    private static final int SETTINGS = 3;
    private static final int DIALS = 1;
    private static final int HYBRID = 2;

    static Stream<byte[]> seeds() {
        String foreign = Vectors.HANDSHAKE.replace("0102030405060708090a0b0c0d0e0f1011121314", "ff".repeat(20));
        String self = Vectors.HANDSHAKE.substring(0, 96)
                + HexFormat.of().formatHex("-AL0001-abcdefghijkl".getBytes(ISO_8859_1));
        return Stream.of(
                        Vectors.HANDSHAKE,
                        Vectors.HANDSHAKE.substring(0, 60),
                        Vectors.HANDSHAKE.substring(0, 96),
                        Vectors.HANDSHAKE_EXTENDED_FAST_DHT + Vectors.EXTENDED_HANDSHAKE + Vectors.BITFIELD,
                        Vectors.HANDSHAKE_EXTENDED_FAST_DHT_V2 + Vectors.HAVE_ALL + Vectors.UNCHOKE,
                        foreign,
                        self,
                        "13426974546f727265",
                        "14" + Vectors.HANDSHAKE.substring(2),
                        "00")
                .flatMap(hex -> Stream.of("000022", "010014", "030044").map(settings -> settings + hex))
                .map(HexFormat.of()::parseHex);
    }

    @MethodSource("seeds")
    @FuzzTest
    void theFirstBytesOpenAWireOrFailInOneWay(byte[] input) {
        if (input.length < SETTINGS) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(input, SETTINGS, input.length);
        int cut = ((input[1] & 0xff) << 8 | (input[2] & 0xff)) % (bytes.length + 1);
        String whole = account(input[0], bytes, bytes.length, bytes.length);
        assertThat(account(input[0], bytes, cut, bytes.length)).isEqualTo(whole);
        assertThat(account(input[0], bytes, 0, 1 + bytes.length / 256)).isEqualTo(whole);
    }

    /** Cuts at {@code first}, then every {@code step} bytes. */
    private static String account(int settings, byte[] bytes, int first, int step) {
        boolean dials = (settings & DIALS) != 0;
        LocalPeer self = (settings & HYBRID) != 0 ? Peers.alice().withV2(Peers.TORRENT_V2) : Peers.alice();
        try (FuzzedWire wire = new FuzzedWire(dials, self, options -> options, opened -> {})) {
            wire.feed(bytes, 0, first);
            for (int at = first; at < bytes.length; at += step) {
                wire.feed(bytes, at, Math.min(step, bytes.length - at));
            }
            if (wire.isOpen()) {
                ByteBuf theirs = Unpooled.buffer();
                wire.peer().wire().remote().writeTo(theirs);
                assertThat(theirs).isEqualTo(Unpooled.wrappedBuffer(bytes, 0, theirs.readableBytes()));
            }
            if (!dials) {
                assertThat(wire.peer().theirs() != null)
                        .as("an answer, to a peer that asks for the torrent")
                        .isEqualTo(asksForTheTorrent(bytes));
            }
            return wire.account();
        }
    }

    private static boolean asksForTheTorrent(byte[] bytes) {
        if (bytes.length < HandshakeStart.LENGTH) {
            return false;
        }
        int protocol = Handshake.protocol().length;
        return Arrays.equals(Arrays.copyOf(bytes, protocol), Handshake.protocol())
                && InfoHash.read(Unpooled.wrappedBuffer(bytes, 28, 20)).equals(Peers.TORRENT);
    }
}
