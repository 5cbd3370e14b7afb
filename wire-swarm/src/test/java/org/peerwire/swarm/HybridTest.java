/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.EncryptionKeys;
import org.peerwire.EncryptionPolicy;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.message.HashRange;
import org.peerwire.message.MerkleRoot;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.InfoHashV2;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.metadata.Torrent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** Tests that a hybrid torrent (BEP 52) is one swarm for peers that know either of its hashes. */
class HybridTest {
    private static final int PIECE = 32 * 1024;

    private final byte[] content = TestTorrents.bytes(10 * PIECE + 123);
    private final Torrent torrent = Torrent.fromInfo(
            hybrid(Bencode.decode(TestTorrents.of(content, PIECE).info()).entries()));
    private final TestSeeds seeds = new TestSeeds();

    @AfterEach
    void stop() {
        seeds.dispose();
    }

    /** Returns the info dictionary of one file with its version 2 half added. */
    private static byte[] hybrid(Map<String, BencodeValue> v1) {
        BencodeValue file = BencodeValue.dictionary(Map.of(
                "length", Objects.requireNonNull(v1.get("length")), "pieces root", BencodeValue.of(new byte[32])));
        Map<String, BencodeValue> both = new HashMap<>(v1);
        both.put("meta version", BencodeValue.of(2));
        both.put("file tree", BencodeValue.dictionary(Map.of("test.bin", BencodeValue.dictionary(Map.of("", file)))));
        return BencodeValue.dictionary(both).encoded();
    }

    private InfoHashV2 v2() {
        return Objects.requireNonNull(torrent.hashes().v2());
    }

    private InfoHash v1() {
        return Objects.requireNonNull(torrent.hashes().v1());
    }

    private InetSocketAddress seed() {
        return seeds.start(torrent, content);
    }

    private static EncryptionPolicy policy(boolean encrypted) {
        return encrypted ? EncryptionPolicy.REQUIRE : EncryptionPolicy.PLAINTEXT_ONLY;
    }

    private Wire dial(InetSocketAddress address, InfoHash presented, EncryptionPolicy encryption) {
        Wire wire = TestSeeds.await(WireClient.create()
                .encryption(encryption)
                .connect(address, LocalPeer.of(presented, PeerId.random()).withShape(torrent.shape())));
        seeds.add(wire);
        return wire;
    }

    private Leecher leecher(SwarmBuilder builder) {
        Leecher leecher = Leecher.of(builder, MemoryStore.create());
        seeds.add(leecher);
        return leecher;
    }

    private SwarmHost listening() {
        SwarmHost host =
                TestSeeds.await(SwarmHost.create().listen("127.0.0.1", 0).bind());
        seeds.add(() -> host.close().subscribe());
        return host;
    }

    private static void awaitSwarm(SwarmHost host) {
        TestSeeds.await(Mono.fromCallable(host::swarms)
                .filter(swarms -> swarms > 0)
                .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(10))));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSeedAdmitsBothHashes(boolean encrypted) {
        InetSocketAddress seed = seed();

        for (InfoHash presented : List.of(v1(), v2().truncated())) {
            assertThat(dial(seed, presented, policy(encrypted)).remote().infoHash())
                    .isEqualTo(presented);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMagnetLinkOfTheVersion2HashAloneIsDownloaded(boolean encrypted) {
        Leecher leecher = leecher(Swarm.of(InfoHashes.of(v2()))
                .host(SwarmHost.create().encryption(policy(encrypted)))
                .peers(seed()));

        leecher.download();

        assertThat(leecher.content(torrent)).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDownloadAdmitsBothHashes(boolean encrypted) {
        SwarmHost host = listening();
        leecher(Swarm.of(torrent.hashes()).host(host)).start();
        awaitSwarm(host);

        for (InfoHash presented : List.of(v1(), v2().truncated())) {
            assertThat(dial(host.address().orElseThrow(), presented, policy(encrypted))
                            .remote()
                            .infoHash())
                    .isEqualTo(presented);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPeerThatKnowsTheVersion2HashAloneIsDownloadedFrom(boolean encrypted) {
        LocalPeer self = LocalPeer.of(v2().truncated(), PeerId.random()).withShape(torrent.shape());
        DisposableServer server = seeds.script(
                self,
                configured -> configured
                        .encryption(policy(encrypted), EncryptionKeys.of(v2().truncated()))
                        .tcp(tcp -> tcp.host("127.0.0.1").port(0)),
                wire -> wire.announce(PieceSet.all(torrent.pieceCount()))
                        .then(wire.outbound().send(new Message.Unchoke()))
                        .then(wire.blocks().serve(TestSeeds.blocks(torrent, content))));
        Leecher leecher = leecher(Swarm.of(torrent)
                .host(SwarmHost.create().encryption(policy(encrypted)))
                .peers(TestSeeds.local(server.port())));

        leecher.download();

        assertThat(leecher.content(torrent)).isEqualTo(content);
    }

    @Test
    void aDownloadThatLearnsTheVersion1HashFromTheMetadataAdmitsIt() {
        SwarmHost host = listening();
        Leecher leecher =
                leecher(Swarm.of(InfoHashes.of(v2())).host(host).peers(seeds.start(torrent, content, 20_000)));
        leecher.start();
        leecher.await(SwarmEvent.StoreOpened.class, 1);

        assertThat(dial(host.address().orElseThrow(), v1(), EncryptionPolicy.PLAINTEXT_ONLY)
                        .remote()
                        .infoHash())
                .isEqualTo(v1());
    }

    @Test
    void requestsForVersion2HashesAreRejected() {
        LocalPeer us = LocalPeer.of(v1(), PeerId.random()).withV2(v2().truncated());
        LocalPeer presented =
                new LocalPeer(v2().truncated(), null, us.peerId(), us.features(), List.of(), torrent.shape(), 0);
        Wire wire = TestSeeds.await(WireClient.create().connect(seed(), presented));
        seeds.add(wire);
        HashRange range = new HashRange(MerkleRoot.of(new byte[32]), 0, 0, 2, 0);
        Flux<Message> answers = wire.inbound().filter(Message.HashReject.class::isInstance);

        Message answer = TestSeeds.await(
                answers.next().doOnSubscribe(subscribed -> wire.outbound().tryEmit(new Message.HashRequest(range))));

        assertThat(answer).isEqualTo(new Message.HashReject(range));
    }
}
