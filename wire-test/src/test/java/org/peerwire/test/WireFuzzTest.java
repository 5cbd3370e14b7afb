/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.LocalPeer;
import org.peerwire.PayloadMode;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireException;
import org.peerwire.WireOptions;
import org.peerwire.extension.Extension;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Fuzzes the messages after the handshake, against a wire that listens, serves and requests. The first byte of an input
 * chooses the negotiated features, the second our actions, the next two the cut.
 */
class WireFuzzTest {
    private static final int SETTINGS = 4;

    // the first byte
    private static final int FAST = 1;
    private static final int EXTENDED = 2;
    private static final int V2 = 4;
    private static final int DHT = 8;
    private static final int SHAPE = 16;
    private static final int PRIVATE = 32;
    private static final int POOLED = 64;
    private static final int DIALS = 128;

    // the second byte
    private static final int SERVE = 1;
    private static final int DOWNLOAD = 2;
    private static final int LEARN_LATER = 4;
    private static final int WITHDRAW = 8;
    private static final int TIME_PASSES = 16;
    private static final int WE_CHOKE = 32;

    private static final TorrentShape KNOWN = TorrentShape.of(10 * 32_768 - 5, 32_768);

    static Stream<byte[]> seeds() {
        List<String> said = new ArrayList<>(List.of(
                Vectors.BITFIELD + Vectors.UNCHOKE + Vectors.HAVE + Vectors.PORT,
                Vectors.BITFIELD_SPARE_BIT,
                Vectors.HAVE_ALL + Vectors.ALLOWED_FAST + Vectors.SUGGEST_PIECE + Vectors.REJECT_REQUEST,
                Vectors.HAVE_NONE + Vectors.INTERESTED + Vectors.REQUEST + Vectors.CANCEL + Vectors.REQUEST,
                Vectors.UNCHOKE + Vectors.PIECE + Vectors.CHOKE + Vectors.NOT_INTERESTED,
                "0000000501" + "00000000" + Vectors.KEEP_ALIVE + "000000020aff",
                Vectors.EXTENDED_HANDSHAKE + Vectors.LT_DONTHAVE + Vectors.UPLOAD_ONLY + Vectors.PEX,
                Vectors.EXTENDED_HANDSHAKE + Vectors.EXTENDED_HANDSHAKE_DISABLING_PEX + Vectors.EXTENDED_HANDSHAKE_IPV6,
                Vectors.HASH_REQUEST + Vectors.HASHES + Vectors.HASH_REJECT));
        Stream.of("libtorrent", "transmission", "webtorrent")
                .forEach(client -> said.add(HexFormat.of().formatHex(recorded(client + "-dials.bin"))));
        return said.stream()
                .flatMap(hex -> Stream.of(
                                "0f000005", "1f000009", "5f010005", "df02000b", "9f0c0020", "1f310010", "00000001")
                        .map(settings -> settings + hex))
                .map(HexFormat.of()::parseHex);
    }

    /** Returns the bytes without the handshake. */
    private static byte[] recorded(String name) {
        try (InputStream in = WireFuzzTest.class.getResourceAsStream("recorded/" + name)) {
            byte[] all = in == null ? new byte[0] : in.readAllBytes();
            return Arrays.copyOfRange(all, Handshake.LENGTH, all.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @MethodSource("seeds")
    @FuzzTest
    void whateverAPeerSaysTheWireEndsInOneWay(byte[] input) {
        if (input.length < SETTINGS) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(input, SETTINGS, input.length);
        int step = Math.max(((input[2] & 0xff) << 8) | (input[3] & 0xff), 1 + bytes.length / 256);
        String whole = account(input[0], input[1], bytes, bytes.length + 1);
        String split = account(input[0], input[1], bytes, step);
        // our answers depend on the messages that have arrived before
        if (input[1] == 0) {
            assertThat(split).isEqualTo(whole);
        }
    }

    private static String account(int negotiated, int doing, byte[] bytes, int step) {
        LocalPeer self = self(negotiated);
        PayloadMode mode = (negotiated & POOLED) != 0 ? PayloadMode.POOLED : PayloadMode.COPY;
        List<Throwable> refused = new ArrayList<>();
        try (FuzzedWire wire = new FuzzedWire(
                (negotiated & DIALS) != 0,
                self,
                options -> options.payloadMode(mode),
                opened -> act(opened, doing, refused))) {
            wire.peer().handshake(self.features());
            for (int at = 0; at < bytes.length; at += step) {
                wire.feed(bytes, at, Math.min(step, bytes.length - at));
                if ((doing & TIME_PASSES) != 0) {
                    wire.peer().advance(Duration.ofSeconds(1));
                }
                if (at == 0 && !wire.peer().isClosed()) {
                    actLater(wire.peer().wire(), doing, refused);
                }
            }
            assertThat(wire.peer().wire().stats().uploadBytesHeld())
                    .isLessThanOrEqualTo(WireOptions.defaults().uploadBuffer());
            String account = wire.account();
            assertThat(refused).allMatch(WireException.class::isInstance);
            return account;
        }
    }

    private static LocalPeer self(int negotiated) {
        Features features = Features.NONE;
        features = (negotiated & FAST) != 0 ? features.with(Feature.FAST) : features;
        features = (negotiated & EXTENDED) != 0 ? features.with(Feature.EXTENSION_PROTOCOL) : features;
        features = (negotiated & V2) != 0 ? features.with(Feature.V2_UPGRADE) : features;
        features = (negotiated & DHT) != 0 ? features.with(Feature.DHT) : features;
        LocalPeer self = Peers.alice().withExtension(Extension.named("ut_pex")).withFeatures(features);
        boolean isPrivate = (negotiated & PRIVATE) != 0;
        return (negotiated & SHAPE) != 0
                ? self.withShape(new TorrentShape(KNOWN.length(), KNOWN.pieceLength(), isPrivate))
                : self;
    }

    private static void act(Wire wire, int doing, List<Throwable> refused) {
        if ((doing & SERVE) != 0) {
            wire.outbound().tryEmit(new Message.Unchoke());
            wire.blocks()
                    .serve(request -> Mono.fromSupplier(() ->
                            ByteBufAllocator.DEFAULT.buffer(request.length()).writeZero(request.length())))
                    .subscribe(null, refused::add);
        }
        if ((doing & DOWNLOAD) != 0) {
            wire.outbound().tryEmit(new Message.Interested());
            Flux<BlockRequest> all = Flux.range(0, KNOWN.pieceCount()).flatMapIterable(KNOWN::blocks);
            wire.blocks().download(all).subscribe(block -> block.data().release(), refused::add);
            wire.blocks()
                    .request(new BlockRequest(1, 16_384, 5))
                    .subscribe(block -> block.data().release(), refused::add);
        }
    }

    private static void actLater(Wire wire, int doing, List<Throwable> refused) {
        if ((doing & LEARN_LATER) != 0) {
            wire.shape(KNOWN).subscribe(null, refused::add);
        }
        if ((doing & WITHDRAW) != 0 && wire.features().has(Feature.EXTENSION_PROTOCOL)) {
            wire.readvertise(mine -> mine.disable("ut_pex")).subscribe(null, refused::add);
        }
        if ((doing & WE_CHOKE) != 0) {
            wire.outbound().tryEmit(new Message.Choke());
        }
    }
}
