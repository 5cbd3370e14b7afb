/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.adding;
import static org.peerwire.pex.Peers.dropped;
import static org.peerwire.pex.Peers.dropping;
import static org.peerwire.pex.Peers.nth;
import static org.peerwire.pex.Peers.peer;
import static org.peerwire.pex.Peers.peers;

import io.netty.buffer.Unpooled;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.pex.PeerEvent.Added;
import org.peerwire.pex.PeerEvent.Dropped;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Receiving: cases 86 and 125, A-40 to. */
class PexDecoderTest {
    private static final SocketAddress TELLER = peer("81.2.69.142:6881");

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final PexOptions options = PexOptions.builder().scheduler(time).build();
    private final List<PexIgnored> ignored = new ArrayList<>();
    private final PexDecoder decoder = new PexDecoder(options, TELLER, FakeWire.SELF, ignored::add);

    // ---- how often ----

    @Test
    void anHourOfMessagesEvery59Point9SecondsIsFine() {
        for (int i = 0; i < 60; i++) {
            assertThat(decode(adding(added(i)))).containsExactly(added(i));
            time.advanceTimeBy(Duration.ofMillis(59_900));
        }
        assertThat(ignored).isEmpty();
    }

    @Test
    void twoAtOnceAndThenOneAMinuteWithJitterIsFine() {
        decode(PexMessage.EMPTY);
        for (int i = 0; i < 60; i++) {
            decode(PexMessage.EMPTY);
            time.advanceTimeBy(Duration.ofSeconds(i % 2 == 0 ? 45 : 75));
        }
        assertThat(ignored).isEmpty();
    }

    @Test
    void tenInTenSecondsAreAViolationAndThoseOverTheBurstAreIgnored() {
        for (int i = 0; i < 9; i++) {
            assertThat(decode(adding(added(i)))).hasSize(i < 4 ? 1 : 0);
            time.advanceTimeBy(Duration.ofSeconds(1));
        }
        assertThat(ignored).hasSize(5).containsOnly(PexIgnored.TOO_OFTEN);
        assertThatExceptionOfType(PexException.class)
                .isThrownBy(() -> decode(adding(added(9))))
                .withMessage("6 peer exchange messages in a row came too soon; one per 60 s may");
    }

    @Test
    void aLongSilenceDoesNotSaveUpMoreThanTheBurst() {
        time.advanceTimeBy(Duration.ofHours(5));
        for (int i = 0; i < 6; i++) {
            decode(PexMessage.EMPTY);
        }
        assertThat(ignored).containsExactly(PexIgnored.TOO_OFTEN, PexIgnored.TOO_OFTEN);
    }

    @Test
    void whoSlowsDownAgainIsForgiven() {
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 9; i++) {
                decode(PexMessage.EMPTY);
            }
            time.advanceTimeBy(Duration.ofMinutes(4));
        }
        assertThat(ignored).hasSize(50).containsOnly(PexIgnored.TOO_OFTEN);
    }

    // ---- how much ----

    @Test
    void uses200OfTheFirstMessageAnd100OfEachLater() {
        assertThat(decode(adding(Peers.added(0, 250)))).isEqualTo(Peers.added(0, 200));
        assertThat(decode(adding(Peers.added(250, 400)))).isEqualTo(Peers.added(250, 350));
        assertThat(ignored).hasSize(100).containsOnly(PexIgnored.TOO_MANY);
    }

    @Test
    void anEmptyMessageIsNotTheFirst() {
        decode(PexMessage.EMPTY);
        assertThat(decode(adding(Peers.added(0, 200)))).hasSize(200);
    }

    @Test
    void usesEveryDropOfAMessage() {
        decode(adding(Peers.added(0, 150)));
        assertThat(decode(new PexMessage(List.of(), peers(0, 150))))
                .hasSize(150)
                .hasOnlyElementsOfType(Dropped.class);
    }

    @Test
    void ignoresAMessageThatIsTooLong() {
        assertThat(decoder.decode(Unpooled.buffer().writeZero(65_537))).isEmpty();
        assertThat(ignored).containsExactly(PexIgnored.MALFORMED);
    }

    @ParameterizedTest // case 86
    @ValueSource(strings = {"", "garbage", "i5e", "d5:added"})
    void ignoresWhatIsNoDictionaryAndGoesOn(String payload) {
        assertThat(decoder.decode(Unpooled.copiedBuffer(payload, StandardCharsets.ISO_8859_1)))
                .isEmpty();
        assertThat(ignored).containsExactly(PexIgnored.MALFORMED);
        assertThat(decode(adding(added(1)))).containsExactly(added(1));
    }

    // ---- which addresses ----

    @Test
    void asksThePolicyWithTheTeller() {
        assertThat(decode(adding(added("10.0.0.1:6881"), added("81.2.69.142:6881"), added("81.2.69.143:80"), added(1))))
                .containsExactly(added(1));
        assertThat(ignored).hasSize(3).containsOnly(PexIgnored.REFUSED);
    }

    @Test
    void usesOnePeerPerAddressAndFourPerNetworkOfAMessage() {
        assertThat(decode(adding(
                        added("9.1.1.1:6881"),
                        added("9.1.1.1:6882"),
                        added("9.1.1.2:6881"),
                        added("9.1.1.3:6881"),
                        added("9.1.1.4:6881"),
                        added("9.1.1.5:6881"),
                        added("9.1.2.5:6881"))))
                .containsExactly(
                        added("9.1.1.1:6881"),
                        added("9.1.1.2:6881"),
                        added("9.1.1.3:6881"),
                        added("9.1.1.4:6881"),
                        added("9.1.2.5:6881"));
        assertThat(ignored).containsExactly(PexIgnored.CROWDED, PexIgnored.CROWDED);
    }

    @Test
    void ipv6CountsBy64And48() {
        assertThat(decode(adding(
                        added("[2a00:0:0:1::1]:6881"),
                        added("[2a00:0:0:1::2]:6881"),
                        added("[2a00:0:0:2::1]:6881"),
                        added("[2a00:0:0:3::1]:6881"),
                        added("[2a00:0:0:4::1]:6881"),
                        added("[2a00:0:0:5::1]:6881"),
                        added("[2a00:0:1:1::1]:6881"))))
                .extracting(event -> event.peer().getAddress().getAddress()[7])
                .containsExactly((byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 1);
    }

    @Test // a swarm on one machine, or in one network, is close together
    void doesNotCountLoopbackAndPrivateAddresses() {
        PexDecoder local = new PexDecoder(options, peer("127.0.0.1:6881"), FakeWire.SELF, ignored::add);
        List<Added> swarm = new ArrayList<>();
        for (int port = 7000; port < 7010; port++) {
            swarm.add(added("127.0.0.1:" + port));
            swarm.add(added("[::1]:" + port));
            swarm.add(added("192.168.1." + (port - 6990) + ":6881"));
        }
        assertThat(local.decode(adding(swarm).encode())).containsExactlyInAnyOrderElementsOf(swarm);
        assertThat(ignored).isEmpty();
    }

    @Test
    void theCapsAreOptions() {
        PexOptions loose = options.mutate().maxPerAddress(3).maxPerNetwork(3).build();
        PexDecoder decoder = new PexDecoder(loose, TELLER, FakeWire.SELF, ignored::add);
        PexMessage message =
                adding(added("9.1.1.1:6881"), added("9.1.1.1:6882"), added("9.1.1.1:6883"), added("9.1.1.2:6881"));
        assertThat(decoder.decode(message.encode())).hasSize(3);
    }

    // ---- dropped, and case 86: duplicates ----

    @Test
    void dropsOnlyWhatThisPeerHasAdded() {
        decode(adding(added(1)));
        assertThat(decode(dropping(nth(2), nth(1), nth(1)))).containsExactly(dropped(1));
        assertThat(decode(dropping(nth(1)))).isEmpty();
        assertThat(ignored).containsExactly(PexIgnored.UNKNOWN_DROP, PexIgnored.UNKNOWN_DROP);
    }

    @Test
    void anAddressInBothListsCountsInNeither() {
        decode(adding(added(1)));
        PexMessage message = new PexMessage(List.of(added(1), added(2), added(2), added(3)), peers(1, 3));
        assertThat(decode(message)).containsExactly(added(3));
        assertThat(ignored).containsExactly(PexIgnored.CONTRADICTORY, PexIgnored.CONTRADICTORY);
        assertThat(decode(dropping(nth(1), nth(2)))).containsExactly(dropped(1));
    }

    @Test
    void duplicatesWithinAndBetweenMessagesAreToldOnce() {
        Added flagged = new Added(nth(1), PexFlags.NONE.withSeed());
        assertThat(decode(adding(added(1), flagged, added(1)))).containsExactly(added(1));
        assertThat(decode(adding(flagged))).isEmpty();
        assertThat(ignored).hasSize(3).containsOnly(PexIgnored.REPEATED);
    }

    @Test
    void whatWasDroppedCanBeAddedAgain() {
        decode(adding(added(1)));
        decode(dropping(nth(1)));
        assertThat(decode(adding(added(1)))).containsExactly(added(1));
    }

    @Test // libtorrent drops inbound peers under a port it never added
    void aDropWithAnotherPortIsUnknown() {
        decode(adding(added("9.1.1.1:52004")));
        assertThat(decode(dropping(peer("9.1.1.1:38499")))).isEmpty();
        assertThat(ignored).containsExactly(PexIgnored.UNKNOWN_DROP);
    }

    // ---- memory ----

    @Test
    void remembers400AndDropsTheOldestForMore() {
        Set<Object> live = new HashSet<>();
        for (int i = 0; i < 5000; i += 100) {
            for (PeerEvent event : decode(adding(Peers.added(i, i + 100)))) {
                assertThat(event instanceof Added ? live.add(event.peer()) : live.remove(event.peer()))
                        .isTrue();
                assertThat(live).hasSizeLessThanOrEqualTo(400);
            }
            time.advanceTimeBy(Duration.ofSeconds(60));
        }
        assertThat(live).containsExactlyInAnyOrderElementsOf(peers(4600, 5000));
    }

    private List<PeerEvent> decode(PexMessage message) {
        return decoder.decode(message.encode());
    }
}
