/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.pex.PeerEvent.Dropped.Reason.NO_ROOM;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.adding;
import static org.peerwire.pex.Peers.dropped;
import static org.peerwire.pex.Peers.dropping;
import static org.peerwire.pex.Peers.nth;
import static org.peerwire.pex.Peers.peer;
import static org.peerwire.pex.Peers.peers;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Features;
import org.peerwire.Ignored;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.ProtocolException;
import org.peerwire.TorrentShape;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.peerwire.pex.PeerEvent.Added;
import org.peerwire.pex.PeerEvent.Dropped;
import org.peerwire.test.ScriptedPeer;

/**
 * Messages that are too frequent, too long, malformed or not allowed, over real wires.
 */
class PexAttackTest {
    private HostilePeer peer = new HostilePeer();

    @AfterEach
    void close() {
        peer.close();
    }

    /** Replaces the peer by one whose addresses all count as proven. */
    private void trusting() {
        peer.close();
        peer = new HostilePeer(HostilePeer.PUBLIC, options -> options, wire -> UtPex.events(wire, any -> true));
    }

    // ---- the rate ----

    @Test
    void a40_anHourOfMessagesEvery59Point9SecondsIsFine() {
        for (int i = 0; i < 60; i++) {
            assertThat(peer.say(adding(added(i)))).contains(added(i));
            peer.pass(Duration.ofMillis(59_900));
        }
        assertThat(peer.ignored()).isEmpty();
    }

    @Test
    void a40_twoAtOnceAndThenOneAMinuteWithJitterIsFine() {
        peer.say(PexMessage.EMPTY);
        for (int i = 0; i < 60; i++) {
            peer.say(PexMessage.EMPTY);
            peer.pass(Duration.ofSeconds(i % 2 == 0 ? 45 : 75));
        }
        assertThat(peer.ignored()).isEmpty();
    }

    @Test
    void a40_tenInTenSecondsEndTheWireAndThoseOverTheBurstAreIgnored() {
        for (int i = 0; i < 9; i++) {
            assertThat(peer.say(adding(added(i)))).hasSize(i < 4 ? 1 : 0);
            peer.pass(Duration.ofSeconds(1));
        }
        assertThat(peer.ignored()).isEqualTo(Map.of(PexIgnored.TOO_OFTEN, 5L));
        assertThat(peer.isClosed()).isFalse();
        assertThat(peer.say(adding(added(9)))).isEmpty();
        assertThat(peer.failure())
                .isInstanceOf(PexException.class)
                .hasMessage("received 6 ut_pex messages over the rate of one per 60 s, allowed are fewer than 6");
        assertThat(peer.isClosed()).isTrue();
        assertThat(peer.pair.initiator().isDisposed()).isTrue();
    }

    @Test
    void a40_aLongSilenceDoesNotSaveUpMoreThanTheBurst() {
        peer.pass(Duration.ofHours(1));
        for (int i = 0; i < 6; i++) {
            peer.say(PexMessage.EMPTY);
        }
        assertThat(peer.ignored()).isEqualTo(Map.of(PexIgnored.TOO_OFTEN, 2L));
    }

    @ParameterizedTest
    @CsvSource({"50, true", "40, true", "31, true", "25, false", "20, false", "10, false"})
    void a40_aPeerWithMoreThanTwiceTheRateIsClosed(int seconds, boolean survives) {
        for (int i = 0; i < 3600 / seconds; i++) {
            peer.say(PexMessage.EMPTY);
            peer.pass(Duration.ofSeconds(seconds));
        }
        assertThat(peer.isClosed()).isEqualTo(!survives);
    }

    @Test
    void a40_aMessageInTimeCompensatesOneTooEarly() {
        for (int i = 0; i < 9; i++) {
            peer.say(PexMessage.EMPTY);
        }
        for (int i = 0; i < 5; i++) {
            peer.pass(Duration.ofMinutes(1));
            peer.say(PexMessage.EMPTY);
        }
        for (int i = 0; i < 5; i++) {
            peer.say(PexMessage.EMPTY);
        }
        assertThat(peer.ignored()).isEqualTo(Map.of(PexIgnored.TOO_OFTEN, 10L));
        assertThat(peer.isClosed()).isFalse();
    }

    // ---- length and form ----

    @Test
    void a41_200PeersOfTheFirstMessageAreUsedAnd100OfEachLater() {
        trusting();
        assertThat(peer.say(adding(Peers.added(0, 250)))).isEqualTo(Peers.added(0, 200));
        assertThat(peer.say(adding(Peers.added(250, 400)))).isEqualTo(Peers.added(250, 350));
        assertThat(peer.ignored()).isEqualTo(Map.of(PexIgnored.TOO_MANY, 100L, PexIgnored.LONG, 1L));
    }

    @ParameterizedTest
    @CsvSource({"50, 0, false", "51, 0, true", "0, 50, false", "0, 51, true", "50, 50, false"})
    void a41_laterMessagesOfMoreThan50AreUsedAndCounted(int adding, int dropping, boolean counted) {
        trusting();
        peer.say(adding(Peers.added(0, 100)));
        PexMessage later = new PexMessage(Peers.added(100, 100 + adding), peers(0, dropping));
        assertThat(peer.say(later)).hasSize(adding + dropping);
        assertThat(peer.ignored()).isEqualTo(counted ? Map.of(PexIgnored.LONG, 1L) : Map.of());
    }

    @Test
    void a41_anEmptyMessageIsNotTheFirst() {
        trusting();
        peer.say(PexMessage.EMPTY);
        assertThat(peer.say(adding(Peers.added(0, 200)))).hasSize(200);
    }

    @Test
    void a41_everyDropOfAMessageIsUsed() {
        trusting();
        peer.say(adding(Peers.added(0, 150)));
        assertThat(peer.say(new PexMessage(List.of(), peers(0, 150))))
                .hasSize(150)
                .hasOnlyElementsOfType(Dropped.class);
    }

    @Test
    void a41_aMessageOver64KiBEndsTheWire() {
        peer.say(Unpooled.buffer().writeZero(64 * 1024));
        assertThat(peer.isClosed()).isFalse();
        assertThat(peer.ignored()).isEqualTo(Map.of(PexIgnored.MALFORMED, 1L));
        peer.say(Unpooled.buffer().writeZero(64 * 1024 + 1));
        assertThat(peer.failure()).isInstanceOf(ProtocolException.class);
        assertThat(peer.isClosed()).isTrue();
    }

    @ParameterizedTest // case 86
    @ValueSource(strings = {"", "garbage", "i5e", "le", "d5:added", "d5:added6:abc", "d1:al"})
    void a41_aMalformedMessageIsIgnoredAndTheNextOneIsUsed(String payload) {
        assertThat(peer.say(payload)).isEmpty();
        assertThat(peer.ignored()).isEqualTo(Map.of(PexIgnored.MALFORMED, 1L));
        assertThat(peer.say(adding(added(1)))).containsExactly(added(1));
    }

    @Test
    void a41_deepNestingIsIgnored() {
        assertThat(peer.say("l".repeat(20_000))).isEmpty();
        assertThat(peer.say("d5:added" + "d1:a".repeat(10_000))).isEmpty();
        assertThat(peer.ignored()).isEqualTo(Map.of(PexIgnored.MALFORMED, 2L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5:addedi6e",
                "5:addedle",
                "5:added5:abcde",
                "7:droppedde",
                "8:dropped612:aaaaaaaaaaaa",
                "6:added617:aaaaaaaaaaaaaaaaa"
            })
    void a41_listsWithoutAWholeEntryAreIgnoredAndCounted(String field) {
        assertThat(peer.say("d" + field + "e")).isEmpty();
        assertThat(peer.ignored()).isEqualTo(Map.of(PexIgnored.LIST_LENGTH, 1L));
    }

    @Test
    void a41_aMalformedListDoesNotAffectTheOthers() {
        String added = "5:added6:\u0014\u0001\u0007\u0001\u001a\u00e1";
        assertThat(peer.say("d" + added + "6:added65:abcde7:dropped5:abcdee")).containsExactly(added(1));
        assertThat(peer.ignored()).isEqualTo(Map.of(PexIgnored.LIST_LENGTH, 2L, PexIgnored.FLAGS, 1L));
    }

    @ParameterizedTest
    @CsvSource({"'', 0, 0", "0:, 0, 0", "1:!, 33, 0", "2:!B, 33, 66", "3:!B#, 33, 66", "i7e, 0, 0"})
    void a41_missingFlagsCountAsZeroAndFurtherOnesAreIgnored(String flags, int first, int second) {
        String addresses = "\u0014\u0001\u0007\u0001\u001a\u00e1\u0014\u0002\u0007\u0001\u001a\u00e1";
        String field = flags.isEmpty() ? "" : "7:added.f" + flags;
        assertThat(peer.say("d5:added12:" + addresses + field + "e"))
                .containsExactly(new Added(nth(1), new PexFlags(first)), new Added(nth(2), new PexFlags(second)));
        assertThat(peer.ignored()).isEqualTo(flags.startsWith("2:") ? Map.of() : Map.of(PexIgnored.FLAGS, 1L));
    }

    @ParameterizedTest
    @CsvSource({
        "d7:added.f0:5:added0:e, NOT_CANONICAL",
        "d5:added0:5:added0:e, NOT_CANONICAL",
        "d5:added00:e, NOT_CANONICAL",
        "d1:ai01e5:added0:e, NOT_CANONICAL",
        "d5:added0:etail, TRAILING_BYTES"
    })
    void a41_bencodeThatIsNotCanonicalIsUsedAndCounted(String payload, PexIgnored kind) {
        peer.say(payload);
        assertThat(peer.ignored()).isEqualTo(Map.of(kind, 1L));
    }

    // ---- drops ----

    @Test
    void a43_aPeerDropsOnlyPeersThatItHasAdded() {
        peer.say(adding(added(1)));
        assertThat(peer.say(dropping(nth(2), nth(1), nth(1)))).containsExactly(dropped(1));
        assertThat(peer.say(dropping(nth(1)))).isEmpty();
        assertThat(peer.ignored()).isEqualTo(Map.of(PexIgnored.UNKNOWN_DROP, 2L));
    }

    @Test
    void a43_anAddressInBothListsCountsInNeither() {
        peer.say(adding(added(1)));
        PexMessage message = new PexMessage(List.of(added(1), added(2), added(2), added(3)), peers(1, 3));
        assertThat(peer.say(message)).containsExactly(added(3));
        assertThat(peer.ignored()).isEqualTo(Map.of(PexIgnored.CONTRADICTORY, 2L));
        assertThat(peer.say(dropping(nth(1), nth(2)))).containsExactly(dropped(1));
    }

    @Test // case 86
    void a43_duplicatesWithinAndBetweenMessagesAreEmittedOnce() {
        Added flagged = new Added(nth(1), PexFlags.NONE.withSeed());
        assertThat(peer.say(adding(added(1), flagged, added(1)))).containsExactly(added(1));
        assertThat(peer.say(adding(flagged))).isEmpty();
        assertThat(peer.ignored()).isEqualTo(Map.of(PexIgnored.REPEATED, 3L));
    }

    @Test
    void a43_aDroppedPeerCanBeAddedAgain() {
        peer.say(adding(added(1)));
        peer.say(dropping(nth(1)));
        assertThat(peer.say(adding(added(1)))).containsExactly(added(1));
    }

    @Test // libtorrent drops inbound peers under a port it never added
    void a43_aDropWithAnotherPortIsUnknown() {
        peer.say(adding(added("9.1.1.1:52004")));
        assertThat(peer.say(dropping(peer("9.1.1.1:38499")))).isEmpty();
        assertThat(peer.ignored()).isEqualTo(Map.of(PexIgnored.UNKNOWN_DROP, 1L));
    }

    // ---- memory ----

    @Test
    void a45_400AreRememberedAndTheOldestIsDroppedForMore() {
        trusting();
        Set<Object> live = new HashSet<>();
        for (int i = 0; i < 5000; i += 100) {
            for (PeerEvent event : peer.say(adding(Peers.added(i, i + 100)))) {
                assertThat(event instanceof Added ? live.add(event.peer()) : live.remove(event.peer()))
                        .isTrue();
                assertThat(live).hasSizeLessThanOrEqualTo(400);
            }
            peer.pass(Duration.ofSeconds(60));
        }
        assertThat(live).containsExactlyInAnyOrderElementsOf(peers(4600, 5000));
    }

    @Test
    void a45_aMessageAddsAtMostTheRememberedNumber() {
        peer.close();
        peer = new HostilePeer(
                HostilePeer.PUBLIC,
                options -> options.limits(limits -> limits.remembered(3)),
                wire -> UtPex.events(wire, any -> true));
        assertThat(peer.say(adding(Peers.added(0, 5)))).isEqualTo(Peers.added(0, 3));
        assertThat(peer.say(adding(added(5)))).containsExactly(dropped(0, NO_ROOM), added(5));
        assertThat(peer.ignored()).isEqualTo(Map.of(PexIgnored.TOO_MANY, 2L));
    }

    // ---- wires without the extension ----

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a47_messagesToAWireWithoutTheExtensionAreIgnoredAndCounted(boolean isPrivate) {
        LocalPeer bare = LocalPeer.of(Wires.HASH, PeerId.random());
        LocalPeer hidden = bare.withExtension(UtPex.create()).withShape(new TorrentShape(1, 1, true));
        ScriptedPeer scripted =
                ScriptedPeer.dialledBy(isPrivate ? hidden : bare).handshake(Features.of(Feature.EXTENSION_PROTOCOL));
        Map<String, Integer> listed = scripted.expectExtendedHandshake().extensions();
        assertThat(listed).doesNotContainKey(UtPex.NAME);
        for (int id = 1; id <= 10; id++) {
            if (!listed.containsValue(id)) {
                scripted.send(new Message.Extended(id, adding(added(1)).encode()));
            }
        }
        assertThat(scripted.isClosed()).isFalse();
        assertThat(scripted.wire().stats().ignored(Ignored.UNKNOWN_EXTENSION)).isEqualTo(10L - listed.size());
        scripted.dispose();
    }

    @Test // the id is ours, so the message is readable; support needs an extended handshake
    void a47_aMessageBeforeThePeersExtendedHandshakeIsReadAndNotAnswered() {
        LocalPeer self = Wires.self(PexOptions.defaults());
        HashSet<PeerEvent> events = new HashSet<>();
        ScriptedPeer scripted = ScriptedPeer.dialledBy(
                        self, options -> options, wire -> UtPex.events(wire).subscribe(events::add))
                .handshake(Features.of(Feature.EXTENSION_PROTOCOL));
        scripted.sendExtended(UtPex.NAME, adding(added(1)).encode());
        assertThat(events).containsExactly(added(1));
        assertThat(scripted.wire().extension(UtPex.NAME).supported()).isFalse();
        scripted.dispose();
    }
}
