/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.pex.PeerEvent.Added;
import org.peerwire.test.Vectors;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Any messages of a peer give consistent events, or a {@link PexException} after a flood. The first byte of an input
 * selects the sender. Each message follows a byte with the seconds before it and two bytes with its length.
 */
class PexFuzzTest {
    private static final InetSocketAddress PUBLIC = Peers.peer("203.0.113.5:6881");
    private static final InetSocketAddress LOCAL = Peers.peer("192.168.1.5:6881");
    private static final int MANY = 1000;

    static Stream<byte[]> seeds() {
        byte[] pex = payload(Vectors.PEX);
        byte[] added = payload(Vectors.PEX_ADDED);
        byte[] dropped = payload(Vectors.PEX_DROPPED);
        byte[] addresses = text("d5:added12:\1\2\3\4\32\341\1\2\3\5\32\3417:added.f2:\0\0e");
        byte[] both = text("d5:added6:\1\2\3\4\32\3417:added.f1:\0" + "7:dropped6:\1\2\3\4\32\341e");
        byte[] six = text("d6:added618:\52\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\32\341e");
        return Stream.of(
                input(0, pex),
                input(1, pex, added, dropped),
                input(0, addresses, both, six, text("de"), text("le"), text("d5:addedi1ee")),
                input(0, added, added, added, added, added, added, added, added, added, added, added, added),
                input(1, text("d5:added5:abcdee"), text("d7:added.f9:abcdefghie")));
    }

    private static byte[] text(String latin1) {
        return latin1.getBytes(ISO_8859_1);
    }

    /** Returns the payload of a vector, without length prefix and ids. */
    private static byte[] payload(String vector) {
        return HexFormat.of().parseHex(vector.substring(12));
    }

    private static byte[] input(int settings, byte[]... payloads) {
        ByteBuf out = Unpooled.buffer().writeByte(settings);
        for (byte[] payload : payloads) {
            out.writeByte(20).writeShort(payload.length).writeBytes(payload);
        }
        byte[] input = new byte[out.readableBytes()];
        out.readBytes(input);
        return input;
    }

    @MethodSource("seeds")
    @FuzzTest
    void eventsAreConsistent(byte[] input) {
        ByteBuf in = Unpooled.wrappedBuffer(input);
        InetSocketAddress teller = in.isReadable() && (in.readByte() & 1) != 0 ? LOCAL : PUBLIC;
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        PexOptions options = PexOptions.builder().scheduler(clock).build();
        Listener listener = new Listener(options, teller);
        Sinks.Many<ByteBuf> wire = Sinks.many().unicast().onBackpressureBuffer();
        List<PexIgnored> ignored = new ArrayList<>();
        wire.asFlux()
                .transform(UtPex.decoder(options, teller, ignored::add))
                .subscribe(listener::heard, listener::failed);
        while (in.readableBytes() >= 3) {
            clock.advanceTimeBy(Duration.ofSeconds(in.readUnsignedByte()));
            ByteBuf payload = in.readSlice(Math.min(in.readUnsignedShort(), in.readableBytes()));
            assertFixpoint(payload);
            wire.tryEmitNext(payload);
            assertThat(payload.refCnt()).as("a payload is not released").isPositive();
        }
        Throwable failure = listener.failure;
        if (failure != null) {
            assertThat(failure).isInstanceOf(PexException.class);
            assertThat(ignored).contains(PexIgnored.TOO_OFTEN);
        }
    }

    /** Asserts that a decoded message survives encoding and decoding without a change. */
    private static void assertFixpoint(ByteBuf payload) {
        int before = payload.readerIndex();
        PexMessage message = PexMessage.decode(payload, MANY, Integer.MAX_VALUE, reason -> {});
        assertThat(payload.readerIndex()).isEqualTo(before);
        assertThat(message.added()).hasSizeLessThanOrEqualTo(MANY);
        List<PexIgnored> odd = new ArrayList<>();
        ByteBuf encoded = message.encode();
        PexMessage again = PexMessage.decode(encoded, MANY, Integer.MAX_VALUE, odd::add);
        assertThat(again).isEqualTo(message);
        assertThat(odd).isEmpty();
        assertThat(again.encode()).isEqualTo(encoded);
    }

    /** Checks each event against the earlier ones. */
    private static final class Listener {
        private final PexOptions options;
        private final InetSocketAddress teller;
        private final Set<InetSocketAddress> present = new HashSet<>();
        private @Nullable Throwable failure;

        Listener(PexOptions options, InetSocketAddress teller) {
            this.options = options;
            this.teller = teller;
        }

        void heard(PeerEvent event) {
            if (event instanceof Added) {
                assertThat(options.policy().accept(event.peer(), teller))
                        .as("%s", event)
                        .isTrue();
                assertThat(present.add(event.peer())).as("%s is new", event).isTrue();
                assertThat(present).hasSizeLessThanOrEqualTo(options.limits().maxUnproven());
            } else {
                assertThat(present.remove(event.peer()))
                        .as("%s was there", event)
                        .isTrue();
            }
        }

        void failed(Throwable cause) {
            failure = cause;
        }
    }
}
