/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.Ignored;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import reactor.core.publisher.Flux;

/** Tests recorded sessions of libtorrent 2.0.8, Transmission 3.00 and WebTorrent 2.8.5. */
class RecordedSessionsTest {
    private static final InfoHash TORRENT = InfoHash.parse("76d624486a81cb8fae449b5ce025113e33d8f6a1");
    private static final TorrentShape SHAPE = TorrentShape.of(160 * 32_768, 32_768);

    /** The extensions at the time of the recording: ut_pex had the number 7 and ut_metadata the number 9. */
    private static LocalPeer self() {
        LocalPeer self =
                LocalPeer.of(TORRENT, PeerId.parse("-PW0100-abcdefghijkl")).withShape(SHAPE);
        for (int id = 1; id <= 9; id++) {
            self = self.withExtension(Extension.named(id == 7 ? "ut_pex" : id == 9 ? "ut_metadata" : "x_" + id));
        }
        return self;
    }

    // cases 3, 7, 18: the client dials us
    @ParameterizedTest
    @ValueSource(strings = {"libtorrent", "transmission", "webtorrent"})
    void incomingSessionReplays(String client) {
        ByteBuf recorded = read(client + "-dials.bin");
        ByteBuf seen = Unpooled.buffer();
        ScriptedPeer peer = ScriptedPeer.dialling(self(), options -> options, recorder(seen));

        peer.send(recorded.copy());

        assertReplayed(peer, recorded, seen);
        Wire wire = peer.wire();
        assertThat(wire.state().peerInterested()).isTrue();
        assertThat(wire.extendedHandshake().block(Duration.ZERO).metadataSize()).hasValue(3_273);
        peer.dispose();
    }

    // cases 3, 7, 18: we dial the client, and it sends us a block
    @ParameterizedTest
    @ValueSource(strings = {"libtorrent", "transmission", "webtorrent"})
    void outgoingSessionReplays(String client) {
        ByteBuf recorded = read(client + "-dialled.bin");
        ByteBuf seen = Unpooled.buffer();
        ScriptedPeer peer = ScriptedPeer.dialledBy(self(), options -> options, recorder(seen));

        peer.send(recorded.copy(0, Handshake.LENGTH));
        requestsIn(read(client + "-dialled-sent.bin"))
                .subscribe(request -> peer.wire().outbound().send(request).subscribe());
        peer.send(recorded.copy(Handshake.LENGTH, recorded.readableBytes() - Handshake.LENGTH));

        assertReplayed(peer, recorded, seen);
        assertThat(peer.wire().peerPieces().isComplete()).isTrue();
        assertThat(peer.wire().state().peerChoking()).isFalse();
        peer.dispose();
    }

    // case 23
    @ParameterizedTest
    @ValueSource(strings = {"libtorrent", "transmission", "webtorrent"})
    void sessionReplaysByteByByte(String client) {
        ByteBuf recorded = read(client + "-dials.bin");
        ByteBuf seen = Unpooled.buffer();
        ScriptedPeer peer = ScriptedPeer.dialling(self(), options -> options, recorder(seen));

        for (int at = 0; at < recorded.readableBytes(); at++) {
            peer.send(recorded.copy(at, 1));
        }

        assertReplayed(peer, recorded, seen);
        peer.dispose();
    }

    /** Unchokes at once, and records the handshake and every message that the user sees. */
    private static Consumer<Wire> recorder(ByteBuf seen) {
        return wire -> {
            wire.outbound().tryEmit(new Message.Unchoke());
            wire.remote().writeTo(seen);
            wire.inbound().subscribe(message -> MessageCodec.encode(message, seen));
        };
    }

    private static void assertReplayed(ScriptedPeer peer, ByteBuf recorded, ByteBuf seen) {
        assertReplayed(peer, recorded, seen, Map.of());
    }

    private static void assertReplayed(ScriptedPeer peer, ByteBuf recorded, ByteBuf seen, Map<Ignored, Long> ignored) {
        Wire wire = peer.wire();
        assertThat(wire.isDisposed()).isFalse();
        assertThat(wire.stats().ignored()).isEqualTo(ignored);
        assertThat(wire.stats().bytesIn()).isEqualTo(recorded.readableBytes());
        assertThat(ByteBufUtil.hexDump(seen)).isEqualTo(ByteBufUtil.hexDump(recorded));
        assertThat(wire.features()).isEqualTo(Features.of(Feature.EXTENSION_PROTOCOL, Feature.FAST));
    }

    private static Flux<Message> requestsIn(ByteBuf sent) {
        Handshake.read(sent);
        return Flux.<Message>generate(sink -> {
                    Message next = MessageCodec.decode(sent);
                    if (next == null) {
                        sink.complete();
                    } else {
                        sink.next(next);
                    }
                })
                .ofType(Message.Request.class)
                .cast(Message.class);
    }

    // cases 3, 7, 18: the client dials us with only a magnet link
    @ParameterizedTest
    @ValueSource(strings = {"libtorrent", "transmission", "webtorrent"})
    void sessionOfAMagnetLinkReplays(String client) {
        ByteBuf recorded = read(client + "-magnet.bin");
        ByteBuf seen = Unpooled.buffer();
        ScriptedPeer peer = ScriptedPeer.dialling(self(), options -> options, recorder(seen));

        peer.send(recorded.copy());

        // WebTorrent sends interested before have-none
        assertReplayed(
                peer, recorded, seen, client.equals("webtorrent") ? Map.of(Ignored.LATE_BITFIELD, 1L) : Map.of());
        peer.dispose();
    }

    // case 68
    @ParameterizedTest
    @CsvSource({
        "libtorrent, libtorrent/2.0.8.0, 2000, 6882",
        "transmission, Transmission 3.00, 512, 6882",
        "webtorrent, , -1, -1"
    })
    void extendedHandshakeOfAMagnetLinkIsRead(String client, String version, int requestQueue, int port) {
        ScriptedPeer peer = ScriptedPeer.dialling(self()).send(read(client + "-magnet.bin"));

        ExtendedHandshake theirs = peer.wire().extendedHandshake().block(Duration.ofSeconds(1));

        assertThat(theirs.client().orElse(null)).isEqualTo(version);
        assertThat(theirs.requestQueue().orElse(-1)).isEqualTo(requestQueue);
        assertThat(theirs.listenPort().orElse(-1)).isEqualTo(port);
        assertThat(theirs.metadataSize()).isEmpty();
        assertThat(theirs.uploadOnly()).isFalse();
        assertThat(theirs.conflicts()).isEmpty();
        peer.dispose();
    }

    // case 68
    @Test
    void extendedHandshakesListWhatTheClientsSpeak() {
        Map<String, Map<String, Integer>> listed = new TreeMap<>();
        for (String client : new String[] {"libtorrent", "transmission", "webtorrent"}) {
            ScriptedPeer peer = ScriptedPeer.dialling(self()).send(read(client + "-dials.bin"));
            listed.put(
                    client,
                    peer.wire().extendedHandshake().block(Duration.ofSeconds(1)).extensions());
            peer.dispose();
        }

        assertThat(listed)
                .containsEntry(
                        "libtorrent",
                        Map.of(
                                "lt_donthave",
                                7,
                                "share_mode",
                                8,
                                "upload_only",
                                3,
                                "ut_holepunch",
                                4,
                                "ut_metadata",
                                2,
                                "ut_pex",
                                1))
                .containsEntry("transmission", Map.of("ut_metadata", 3, "ut_pex", 1))
                .containsEntry("webtorrent", Map.of("lt_donthave", 3, "ut_metadata", 1, "ut_pex", 2));
    }

    private static ByteBuf read(String name) {
        try (InputStream in = RecordedSessionsTest.class.getResourceAsStream("recorded/" + name)) {
            if (in == null) {
                throw new IllegalStateException("no such recording: " + name);
            }
            return Unpooled.wrappedBuffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
