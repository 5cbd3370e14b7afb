/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.EncryptionKeys;
import org.peerwire.EncryptionPolicy;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireServer;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.message.HashRange;
import org.peerwire.message.MerkleRoot;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.InfoHashV2;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.metadata.Torrent;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;

/** Tests that a hybrid torrent (BEP 52) is one swarm for peers that know either of its hashes. */
class HybridTest {
    private static final int LENGTH = 10 * TestData.PIECE_LENGTH + 123;

    @TempDir
    private Path temp;

    private Path source;
    private Torrent torrent;
    private final Disposable.Composite running = Disposables.composite();

    @BeforeEach
    void create() throws IOException {
        source = TestData.file(temp.resolve("file.bin"), LENGTH);
        torrent = Torrent.fromInfo(
                hybrid(Bencode.decode(TestData.torrent(source).info()).entries()));
    }

    @AfterEach
    void stop() {
        running.dispose();
    }

    /** Returns the info dictionary of one file with its version 2 half added. */
    private static byte[] hybrid(Map<String, BencodeValue> v1) {
        BencodeValue file = BencodeValue.dictionary(Map.of(
                "length", Objects.requireNonNull(v1.get("length")), "pieces root", BencodeValue.of(new byte[32])));
        Map<String, BencodeValue> both = new HashMap<>(v1);
        both.put("meta version", BencodeValue.of(2));
        both.put("file tree", BencodeValue.dictionary(Map.of("file.bin", BencodeValue.dictionary(Map.of("", file)))));
        return BencodeValue.dictionary(both).encoded();
    }

    private InfoHashV2 v2() {
        return Objects.requireNonNull(torrent.hashes().v2());
    }

    private InfoHash v1() {
        return Objects.requireNonNull(torrent.hashes().v1());
    }

    private InetSocketAddress seed() {
        Sinks.One<InetSocketAddress> listening = Sinks.one();
        Seeder seeder = new Seeder(torrent, source, SwarmSettings.accepting("127.0.0.1", 0), tell(listening));
        running.add(seeder.run().subscribe(null, listening::tryEmitError));
        return TestData.await(listening.asMono());
    }

    private static SwarmEvent.Listener tell(Sinks.One<InetSocketAddress> listening) {
        return event -> {
            if (event instanceof SwarmEvent.Listening here) {
                listening.tryEmitValue(here.address());
            }
        };
    }

    private static EncryptionPolicy policy(boolean encrypted) {
        return encrypted ? EncryptionPolicy.REQUIRE : EncryptionPolicy.PLAINTEXT_ONLY;
    }

    private Wire dial(InetSocketAddress address, InfoHash presented, EncryptionPolicy encryption) {
        Wire wire = TestData.await(WireClient.create()
                .encryption(encryption)
                .connect(address, LocalPeer.of(presented, PeerId.random()).withShape(torrent.shape())));
        running.add(wire);
        return wire;
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
        Target target = new Target(InfoHashes.of(v2()), null, List.of(seed()));
        SwarmSettings settings = SwarmSettings.dialling(List.of()).withEncryption(policy(encrypted));

        SwarmEvent.Completed completed =
                TestData.await(new Downloader(target, temp.resolve("copy"), settings, event -> {}).run());

        assertThat(completed.path()).hasSameBinaryContentAs(source);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDownloadAdmitsBothHashes(boolean encrypted) {
        Sinks.One<InetSocketAddress> listening = Sinks.one();
        Target target = new Target(torrent.hashes(), null, List.of());
        running.add(
                new Downloader(target, temp.resolve("copy"), SwarmSettings.accepting("127.0.0.1", 0), tell(listening))
                        .run()
                        .subscribe());
        InetSocketAddress leecher = TestData.await(listening.asMono());

        for (InfoHash presented : List.of(v1(), v2().truncated())) {
            assertThat(dial(leecher, presented, policy(encrypted)).remote().infoHash())
                    .isEqualTo(presented);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPeerThatKnowsTheVersion2HashAloneIsDownloadedFrom(boolean encrypted) {
        Uploads uploads = new Uploads();
        uploads.offer(PieceSet.all(torrent.pieceCount()), Storage.reading(torrent, source)::read);
        LocalPeer self = LocalPeer.of(v2().truncated(), PeerId.random()).withShape(torrent.shape());
        DisposableServer server = WireServer.create()
                .encryption(policy(encrypted), EncryptionKeys.of(v2().truncated()))
                .tcp(tcp -> tcp.host("127.0.0.1").port(0))
                .admit((theirs, from) -> theirs.infoHash().equals(self.infoHash()) ? Mono.just(self) : Mono.empty())
                .handle(wire -> {
                    uploads.tell(wire);
                    return uploads.serve(wire);
                })
                .bindNow();
        running.add(server);
        SwarmSettings settings = SwarmSettings.dialling(List.of(TestData.local(server.port())))
                .withEncryption(policy(encrypted))
                .withPatience(Patience.of(Duration.ofSeconds(2)));

        SwarmEvent.Completed completed =
                TestData.await(new Downloader(Target.of(torrent), temp.resolve("copy"), settings, event -> {}).run());

        assertThat(completed.path()).hasSameBinaryContentAs(source);
    }

    @Test
    void aDownloadThatLearnsTheVersion1HashFromTheMetadataAdmitsIt() {
        Sinks.One<InetSocketAddress> listening = Sinks.one();
        Sinks.Empty<Void> checked = Sinks.empty();
        SwarmSettings settings = SwarmSettings.accepting("127.0.0.1", 0).withPeers(List.of(slowSeed()));
        SwarmEvent.Listener listener = tell(listening);
        Target target = new Target(InfoHashes.of(v2()), null, List.of());
        running.add(new Downloader(target, temp.resolve("copy"), settings, event -> {
                    listener.on(event);
                    if (event instanceof SwarmEvent.Checked) {
                        checked.tryEmitEmpty();
                    }
                })
                .run()
                .subscribe());
        InetSocketAddress leecher = TestData.await(listening.asMono());
        checked.asMono().block(Duration.ofSeconds(15));

        assertThat(dial(leecher, v1(), EncryptionPolicy.PLAINTEXT_ONLY).remote().infoHash())
                .isEqualTo(v1());
    }

    private InetSocketAddress slowSeed() {
        Sinks.One<InetSocketAddress> listening = Sinks.one();
        Seeder seeder = new Seeder(
                torrent,
                source,
                SwarmSettings.accepting("127.0.0.1", 0),
                blocks -> new Throttle(blocks, 20_000),
                tell(listening));
        running.add(seeder.run().subscribe(null, listening::tryEmitError));
        return TestData.await(listening.asMono());
    }

    @Test
    void requestsForVersion2HashesAreRejected() {
        LocalPeer us = LocalPeer.of(v1(), PeerId.random()).withV2(v2().truncated());
        LocalPeer presented =
                new LocalPeer(v2().truncated(), null, us.peerId(), us.features(), List.of(), torrent.shape(), 0);
        Wire wire = TestData.await(WireClient.create().connect(seed(), presented));
        running.add(wire);
        HashRange range = new HashRange(MerkleRoot.of(new byte[32]), 0, 0, 2, 0);
        Flux<Message> answers = wire.inbound().filter(Message.HashReject.class::isInstance);

        Message answer = TestData.await(
                answers.next().doOnSubscribe(subscribed -> wire.outbound().tryEmit(new Message.HashRequest(range))));

        assertThat(answer).isEqualTo(new Message.HashReject(range));
    }
}
