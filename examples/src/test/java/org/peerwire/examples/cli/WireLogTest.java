/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.EncryptionPolicy;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PayloadMode;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.test.ScriptedPeer;
import org.peerwire.test.WirePair;
import reactor.test.scheduler.VirtualTimeScheduler;

class WireLogTest {
    private static final InfoHash TORRENT = InfoHash.parse("0123456789abcdef0123456789abcdef01234567");
    private static final LocalPeer SELF = LocalPeer.of(TORRENT, PeerId.parse("-PW0100-abcdefghijkl"))
            .withExtension(Extension.named("ut_pex"))
            .withShape(TorrentShape.of(4 * 32_768, 32_768));
    private static final String PEER = "198.51.100.7:6881";
    private static final String OPENED = "opened: we dialled, not encrypted, peer id -SP0001-abcdefghijkl";

    private final StringWriter text = new StringWriter();
    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final WireLog events = new WireLog(new PrintWriter(text), false, clock);
    private final WireLog all = new WireLog(new PrintWriter(text), true, clock);

    @AfterEach
    void dispose() {
        clock.dispose();
    }

    private static ScriptedPeer peer(WireLog log) {
        return ScriptedPeer.dialledBy(SELF, options -> options.payloadMode(PayloadMode.POOLED), log::opened);
    }

    /** Returns the lines without time and address, which are the same in each. */
    private List<String> lines() {
        String start = "   0.000  " + PEER + "  ";
        assertThat(text.toString().lines()).allMatch(line -> line.startsWith(start));
        return text.toString()
                .lines()
                .map(line -> line.substring(start.length()))
                .toList();
    }

    @Test
    void aLineHasTheSecondsSinceTheStartAndTheAddress() {
        clock.advanceTimeBy(Duration.ofMillis(12_345));

        events.failed(new InetSocketAddress("198.51.100.7", 6881), new ConnectException("Connection refused: /x"));

        assertThat(text).hasToString("  12.345  198.51.100.7:6881  dial failed: connection refused\n");
    }

    @Test
    void theLifeOfAWireIsPrinted() {
        ScriptedPeer peer = peer(events).handshake(Features.DEFAULT);

        peer.send(ExtendedHandshake.builder()
                .client("Peer 1.0")
                .extension("ut_pex", 3)
                .extension("ut_metadata", 2)
                .listenPort(7000)
                .requestQueue(250)
                .build());
        peer.send(ExtendedHandshake.builder().metadataSize(1_000).build());
        peer.send(new Message.HaveAll(), new Message.Unchoke(), new Message.Interested(), new Message.Unchoke());
        peer.wire().outbound().tryEmit(new Message.Interested());
        peer.wire().outbound().tryEmit(new Message.Unchoke());
        peer.close();

        assertThat(lines())
                .containsExactly(
                        OPENED,
                        "extended handshake: client \"Peer 1.0\", extensions ut_metadata ut_pex, listens on port 7000,"
                                + " queues 250 requests",
                        "the peer unchokes us",
                        "the peer is interested",
                        "we are interested",
                        "we unchoke the peer",
                        "closed without an error");
    }

    @Test
    void theReasonOfAnEndIsPrinted() {
        ScriptedPeer peer = peer(events).handshake(Features.DEFAULT);

        peer.send(new Message.Have(4));

        assertThat(lines()).hasSize(2).startsWith(OPENED).element(1).asString().startsWith("closed: HAVE of piece 4");
    }

    @Test
    void anEncryptedWireFromAPeerIsPrinted() {
        WirePair pair = WirePair.builder(SELF, LocalPeer.of(TORRENT, PeerId.random()))
                .encryption(EncryptionPolicy.REQUIRE, EncryptionPolicy.REQUIRE)
                .onResponder(events::opened)
                .open();
        pair.dispose();

        assertThat(text.toString()).contains("opened: the peer dialled, encrypted, peer id -PW0100-abcdefghijkl");
    }

    @Test
    void eachReceivedMessageIsPrinted() {
        ScriptedPeer peer = peer(all).handshake(Features.DEFAULT);
        BlockRequest block = new BlockRequest(1, 16_384, 16_384);
        PieceSet pieces = PieceSet.of(4, 0, 2);

        peer.send(ExtendedHandshake.builder().build());
        peer.send(new Message.Bitfield(pieces), new Message.Have(3), new Message.Unchoke());
        peer.wire().blocks().request(new BlockRequest(0, 0, 5)).subscribe(got -> got.release());
        peer.send(
                new Message.Piece(0, 0, Unpooled.copiedBuffer(new byte[] {1, 2, 3, 4, 5})),
                new Message.Request(block),
                new Message.Cancel(block),
                new Message.AllowedFast(2),
                new Message.SuggestPiece(2),
                new Message.KeepAlive());
        peer.sendExtended("ut_pex", Unpooled.wrappedBuffer(new byte[] {'d', 'e'}));
        peer.sendExtended("lt_donthave", Unpooled.buffer().writeInt(3));
        peer.send(new Message.Extended(99, Unpooled.EMPTY_BUFFER), new Message.Unknown(200, Unpooled.copyInt(7)));

        assertThat(lines().stream().filter(line -> line.startsWith("<")))
                .containsExactly(
                        "< extended handshake length 7",
                        "< bitfield 2 pieces",
                        "< have 3",
                        "< unchoke",
                        "< piece 0 offset 0 length 5",
                        "< request 1 offset 16384 length 16384",
                        "< cancel 1 offset 16384 length 16384",
                        "< allowed-fast 2",
                        "< suggest-piece 2",
                        "< keep-alive",
                        "< extended ut_pex length 2",
                        "< extended lt_donthave length 4",
                        "< extended with the unknown id 99 length 0",
                        "< unknown 200 length 4");
        peer.dispose();
    }

    @Test
    void textsOfAPeerCannotControlTheTerminal() {
        byte[] id = "-SP0001-\u001b[2J\r\n\u0007abcde".getBytes(StandardCharsets.ISO_8859_1);
        ScriptedPeer peer = peer(all).handshake(new Handshake(Features.DEFAULT, TORRENT, PeerId.of(id)));

        peer.send(ExtendedHandshake.builder()
                .put("v", BencodeValue.of("\u001b[2JEvil\n\u202e"))
                .extension("x\u001b]0;title\u0007\r\n", 1)
                .build());

        assertThat(text.toString().replace("\n", "")).doesNotContainPattern("[\\p{Cc}\u202e]");
        assertThat(lines().get(1)).isEqualTo("extended handshake: client \"[2JEvil?\", extensions x?]0;title???");
        peer.dispose();
    }

    @Test
    void aLongListOfExtensionsIsCut() {
        ExtendedHandshake.Builder many = ExtendedHandshake.builder();
        for (int i = 10; i < 33; i++) {
            many.extension("e" + i + "-".repeat(100), i);
        }
        ScriptedPeer peer = peer(events).handshake(Features.DEFAULT).send(many.build());

        assertThat(lines().get(1)).endsWith(" e29" + "-".repeat(37) + " and 3 more");
        peer.dispose();
    }
}
