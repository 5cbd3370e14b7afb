/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.metadata.MetadataException.Reason;
import org.peerwire.test.WirePair;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Tests of fetches over real wires in memory, to honest and lying peers. */
class MetadataExchangeTest {
    private static final byte[] INFO = Infos.ofLength(3 * 16_384, 1);
    private static final byte[] POISON = Infos.ofLength(3 * 16_384, 2);
    private static final InfoHash HASH = InfoHashes.sha1(INFO);

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final MetadataOptions options =
            MetadataOptions.builder().scheduler(clock).build();
    private final List<WirePair> pairs = new ArrayList<>();
    private final List<Metadata> found = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    @AfterEach
    void close() {
        pairs.forEach(WirePair::dispose);
    }

    // ---- the two ends ----

    private WirePair open(InfoHash hash, Extension mine, Extension theirs) {
        LocalPeer us = LocalPeer.of(hash, PeerId.random()).withExtension(mine);
        LocalPeer them = LocalPeer.of(hash, PeerId.random()).withExtension(theirs);
        WirePair pair = WirePair.builder(us, them)
                .clock(clock)
                .onResponder(wire -> {
                    if (theirs instanceof UtMetadata metadata) {
                        metadata.serve(wire, options).subscribe();
                    }
                })
                .open();
        pairs.add(pair);
        return pair;
    }

    private Wire peer(Extension theirs) {
        return open(HASH, UtMetadata.fetching(), theirs).initiator();
    }

    private Disposable fetch(Wire... wires) {
        Mono<Metadata> fetch = UtMetadata.fetch(Flux.just(wires), InfoHashes.of(HASH), options);
        return fetch.subscribe(found::add, failures::add);
    }

    private void assertFound() {
        assertThat(failures).isEmpty();
        assertThat(found).hasSize(1);
        assertThat(found.get(0).info()).isEqualTo(INFO);
    }

    private void assertFailed(Reason reason) {
        assertThat(found).isEmpty();
        assertThat(failures).hasSize(1);
        assertThat(((MetadataException) failures.get(0)).reason()).isEqualTo(reason);
    }

    /** Returns an extension that claims a size and never answers. */
    private static Extension claiming(long size) {
        return new Extension() {
            @Override
            public String name() {
                return UtMetadata.NAME;
            }

            @Override
            public void advertise(ExtendedHandshake.Builder mine) {
                mine.metadataSize(size);
            }
        };
    }

    // ---- honest peers ----

    @ParameterizedTest
    @ValueSource(ints = {200, 16_383, 16_384, 16_385, 31_235, 32_768, 32_769, 163_882})
    void metadataOfAnySizeGoesFromPeerToPeer(int size) {
        byte[] info = Infos.ofLength(size, 1);
        WirePair pair = open(InfoHashes.sha1(info), UtMetadata.fetching(), UtMetadata.serving(info));
        UtMetadata.fetch(pair.initiator(), options).subscribe(found::add, failures::add);
        assertThat(failures).isEmpty();
        assertThat(found).hasSize(1);
        Torrent torrent = found.get(0).torrent();
        assertThat(torrent.info()).isEqualTo(info);
        assertThat(Torrent.parse(torrent.encode())).isEqualTo(torrent);
    }

    @Test
    void theResponderCanAskAsWell() {
        UtMetadata serving = UtMetadata.serving(INFO);
        WirePair pair = open(HASH, serving, UtMetadata.fetching());
        serving.serve(pair.initiator(), options).subscribe();
        UtMetadata.fetch(pair.responder(), options).subscribe(found::add, failures::add);
        assertFound();
    }

    @Test
    void twoPiecesTakeTwoRequestsAndTwoDataMessages() {
        byte[] info = Infos.ofLength(31_235, 1);
        WirePair pair = open(InfoHashes.sha1(info), UtMetadata.fetching(), UtMetadata.serving(info));
        List<ByteBuf> asked = new ArrayList<>();
        List<ByteBuf> sent = new ArrayList<>();
        pair.responder().extension(UtMetadata.NAME).inbound().subscribe(asked::add);
        pair.initiator().extension(UtMetadata.NAME).inbound().subscribe(sent::add);
        UtMetadata.fetch(pair.initiator(), options).subscribe(found::add, failures::add);
        assertThat(found).hasSize(1);
        assertThat(asked).hasSize(2);
        assertThat(sent).hasSize(2);
    }

    @Test
    void aPeerThatGetsTheMetadataLaterTellsSoAndServesIt() {
        UtMetadata later = UtMetadata.fetching();
        Wire wire = peer(later);
        fetch(wire);
        clock.advanceTimeBy(Duration.ofSeconds(60));
        assertThat(found).isEmpty();
        later.provide(INFO);
        assertFound();
    }

    @Test
    void aWireOpenedWithTheSizeIsNotToldAgain() {
        UtMetadata later = UtMetadata.fetching();
        Wire early = peer(later);
        later.provide(INFO);
        Wire late = peer(later);
        assertThat(early.stats().messagesIn()).isEqualTo(2);
        assertThat(late.stats().messagesIn()).isEqualTo(1);
        fetch(late);
        assertFound();
    }

    @Test
    void fetchedMetadataIsServedToOthers() {
        UtMetadata middle = UtMetadata.fetching();
        Wire fromSource = open(HASH, middle, UtMetadata.serving(INFO)).initiator();
        WirePair toOther = open(HASH, UtMetadata.fetching(), middle);
        fetch(toOther.initiator());
        UtMetadata.fetch(fromSource, options).subscribe(metadata -> middle.provide(metadata.info()));
        assertFound();
    }

    @Test
    void requestsThatCannotBeServedAreRejectedAndTheNextOneIsServed() {
        WirePair pair = open(HASH, UtMetadata.fetching(), UtMetadata.serving(INFO));
        List<MetadataMessage> answers = new ArrayList<>();
        pair.initiator().extension(UtMetadata.NAME).inbound().map(Wires::decode).subscribe(answers::add);
        for (int piece : new int[] {3, Integer.MAX_VALUE, 1}) {
            pair.initiator()
                    .extension(UtMetadata.NAME)
                    .send(MetadataMessage.request(piece))
                    .subscribe();
        }
        assertThat(answers.subList(0, 2))
                .containsExactly(new MetadataMessage.Reject(3), new MetadataMessage.Reject(Integer.MAX_VALUE));
        assertThat(answers.get(2)).isInstanceOf(MetadataMessage.Data.class);
    }

    @Test
    void afterCancelNothingMoreIsAsked() {
        Wire wire = peer(claiming(INFO.length));
        List<ByteBuf> asked = new ArrayList<>();
        pairs.get(0).responder().extension(UtMetadata.NAME).inbound().subscribe(asked::add);
        Disposable fetch = fetch(wire);
        assertThat(asked).hasSize(3);
        fetch.dispose();
        clock.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(asked).hasSize(3);
        assertThat(found).isEmpty();
        assertThat(failures).isEmpty();
    }

    @Test
    void thePeerOfAWireThatEndsIsForgotten() {
        fetch(peer(claiming(INFO.length)));
        pairs.get(0).cut();
        assertFailed(Reason.NO_PEERS);
    }

    @Test
    void wiresThatHaveEndedEndAFetchAndAServer() {
        UtMetadata serving = UtMetadata.serving(INFO);
        Wire ended = peer(serving);
        Wire served = pairs.get(0).responder();
        pairs.get(0).cut();
        fetch(ended);
        assertFailed(Reason.NO_PEERS);
        List<Object> ends = new ArrayList<>();
        serving.serve(served, options).subscribe(null, ends::add, () -> ends.add("completed"));
        assertThat(ends).hasSize(1);
        assertThat(serving.channels.size()).isZero();
    }

    @Test
    void thePrivateFlagIsHonoured() {
        Map<String, BencodeValue> info = Infos.single();
        info.put("private", BencodeValue.of(1));
        byte[] bytes = Infos.encode(info);
        WirePair pair = open(InfoHashes.sha1(bytes), UtMetadata.fetching(), UtMetadata.serving(bytes));
        UtMetadata.fetch(pair.initiator(), options).subscribe(found::add, failures::add);
        clock.advanceTimeBy(Duration.ofMinutes(3));
        assertFailed(Reason.UNSUPPORTED);
    }

    // ---- liars ----

    @Test
    void a49_aLiarThatComesFirstDoesNotBlockAnHonestPeer() {
        fetch(peer(claiming(5_000_000)), peer(UtMetadata.serving(POISON)), peer(UtMetadata.serving(INFO)));
        clock.advanceTimeBy(Duration.ofSeconds(4));
        assertFound();
    }

    @Test
    void a54_threeLiarsAndOneHonestPeer() {
        fetch(
                peer(UtMetadata.serving(POISON)),
                peer(UtMetadata.serving(POISON)),
                peer(UtMetadata.serving(POISON)),
                peer(UtMetadata.serving(INFO)));
        clock.advanceTimeBy(Duration.ofSeconds(10));
        assertFound();
    }

    @Test
    void a49_aLiarThatChangesItsSizeAgainAndAgainDoesNotBlockAnHonestPeer() {
        Wire flapping = peer(claiming(1));
        Wire honest = peer(UtMetadata.serving(INFO));
        Wire other = pairs.get(0).responder();
        fetch(flapping);
        for (int size = 2; size < 20; size++) {
            long claimed = size;
            other.readvertise(mine -> mine.metadataSize(claimed)).subscribe();
            clock.advanceTimeBy(Duration.ofSeconds(1));
        }
        assertFailed(Reason.NO_PEERS);
        failures.clear();
        fetch(flapping, honest);
        clock.advanceTimeBy(Duration.ofSeconds(4));
        assertFound();
    }

    @Test
    void a54_allLiarsEndInAFailureBeforeLong() {
        fetch(
                peer(UtMetadata.serving(POISON)),
                peer(UtMetadata.serving(POISON)),
                peer(claiming(7)),
                peer(claiming(1L << 40)));
        clock.advanceTimeBy(Duration.ofMinutes(2));
        assertFailed(Reason.INVALID);
    }

    @Test
    void a52_anEmptyLastPieceIsRefused() {
        byte[] info = Infos.ofLength(32_768, 1);
        WirePair pair = open(InfoHashes.sha1(info), UtMetadata.fetching(), claiming(info.length));
        Wire liar = pair.responder();
        List<MetadataMessage> asked = new ArrayList<>();
        liar.extension(UtMetadata.NAME).inbound().map(Wires::decode).subscribe(message -> {
            asked.add(message);
            int piece = (int) ((MetadataMessage.Request) message).piece();
            byte[] bytes = piece == 0 ? Arrays.copyOf(info, 16_384) : new byte[0];
            liar.extension(UtMetadata.NAME)
                    .send(Wires.encode(new MetadataMessage.Data(piece, info.length, bytes)))
                    .subscribe();
        });
        UtMetadata.fetch(pair.initiator(), options).subscribe(found::add, failures::add);
        clock.advanceTimeBy(Duration.ofSeconds(10));
        assertFailed(Reason.NO_PEERS);
        assertThat(asked).hasSize(4);
    }
}
