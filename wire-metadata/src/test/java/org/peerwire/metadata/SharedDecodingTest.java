/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.test.FakeWire;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Tests of one wire with four subscribers to the same messages: the flood check, a server and two fetches. */
class SharedDecodingTest {
    private static final int PIECE = 16_384;
    private static final byte[] INFO = Infos.ofLength(10 * PIECE, 1);
    private static final InfoHash HASH = InfoHashes.sha1(INFO);

    private final UtMetadata extension = UtMetadata.fetching();
    private final FakeWire wire = Wires.claim(Wires.open(HASH, extension), INFO.length);
    private final MetadataOptions options =
            MetadataOptions.builder().scheduler(VirtualTimeScheduler.create()).build();

    @BeforeEach
    void subscribe() {
        extension.serve(wire, options).subscribe();
        UtMetadata.fetch(wire, options).subscribe();
        UtMetadata.fetch(wire, options).subscribe();
        assertThat(wire.subscribers(UtMetadata.NAME)).isEqualTo(4);
    }

    @Test
    void aMessageIsDecodedOnceForAllSubscribers() {
        Wires.say(wire, "x");
        Wires.say(wire, "d8:msg_typei9ee");
        Wires.say(wire, "d5:piecei99e8:msg_typei0ee");
        assertThat(extension.ignored())
                .isEqualTo(Map.of(
                        MetadataIgnored.MALFORMED, 1L,
                        MetadataIgnored.UNKNOWN_TYPE, 1L,
                        MetadataIgnored.NOT_CANONICAL, 1L,
                        MetadataIgnored.NOT_SERVED, 1L));
    }

    @Test
    void aPieceIsCopiedOnceForAllSubscribers() {
        List<ByteBuf> pieces = IntStream.range(0, 10)
                .mapToObj(piece -> MetadataMessage.data(piece, INFO))
                .toList();
        IntStream.range(0, 8).forEach(piece -> Wires.say(wire, pieces.get(piece))); // loads classes
        assertThat(HostileMetadata.allocated(() -> Wires.say(wire, pieces.get(8))))
                .isBetween((long) PIECE, 2L * PIECE - 1);
    }
}
