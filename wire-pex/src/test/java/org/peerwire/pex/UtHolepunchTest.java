/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.peerwire.pex.HolepunchMessage.connect;
import static org.peerwire.pex.Peers.nth;
import static org.peerwire.pex.Peers.peer;
import static org.peerwire.pex.Wires.introduce;
import static org.peerwire.pex.Wires.sayHex;
import static org.peerwire.pex.Wires.turnPrivate;

import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.test.FakeWire;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Requests to a relay and its messages, over real wires. */
class UtHolepunchTest {
    private static final String RELAY = "81.2.69.142:6881";
    private static final InetSocketAddress TARGET = nth(1);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final PexOptions options = PexOptions.builder().scheduler(time).build();
    private final UtHolepunch extension = UtHolepunch.create(options);
    private final LocalPeer self = LocalPeer.of(Wires.HASH, PeerId.random()).withExtension(extension);
    private final List<InetSocketAddress> connects = new ArrayList<>();
    private HolepunchPeer relay = open(self);

    @AfterEach
    void close() {
        relay.close();
    }

    private HolepunchPeer open(LocalPeer ours) {
        LocalPeer theirs = LocalPeer.of(Wires.HASH, PeerId.random()).withExtension(UtHolepunch.create());
        return new HolepunchPeer(
                RELAY, theirs, ours, time, wire -> UtHolepunch.connects(wire).subscribe(connects::add));
    }

    private Mono<Void> rendezvous() {
        return UtHolepunch.rendezvous(relay.ours(), TARGET);
    }

    @Test
    void isUtHolepunchWithin1KiBAndNotForPrivateTorrents() {
        assertThat(extension.name()).isEqualTo("ut_holepunch");
        assertThat(extension.maxMessageLength()).isEqualTo(1024);
        assertThat(extension.allowedInPrivateTorrents()).isFalse();
        assertThat(handshake().supports(UtHolepunch.NAME)).isTrue();
    }

    @Test
    void rendezvousCompletesWhenTheRelaySaysToConnectToTheTarget() {
        StepVerifier.create(rendezvous())
                .then(() -> assertThat(relay.takeTold()).containsExactly(HolepunchMessage.rendezvous(TARGET)))
                .then(() -> relay.say(connect(nth(2))))
                .expectNoEvent(Duration.ZERO)
                .then(() -> relay.say(connect(TARGET)))
                .verifyComplete();
        assertThat(connects).containsExactly(nth(2), TARGET);
    }

    @Test
    void nothingIsAskedBeforeTheSubscription() {
        Mono<Void> asked = rendezvous();
        assertThat(relay.takeTold()).isEmpty();
        asked.subscribe();
        assertThat(relay.takeTold()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"1, NO_SUCH_PEER", "2, NOT_CONNECTED", "3, NO_SUPPORT", "4, NO_SELF", "77,", "-1,"})
    void rendezvousFailsWithTheErrorOfTheRelay(int code, HolepunchError error) {
        StepVerifier.create(rendezvous())
                .then(() -> relay.say(new HolepunchMessage(HolepunchMessage.Type.ERROR, TARGET, code)))
                .verifyErrorSatisfies(e -> {
                    HolepunchException refused = (HolepunchException) e;
                    assertThat(refused.isRefused()).isTrue();
                    assertThat(refused.errorCode()).isEqualTo(code);
                    assertThat(refused.error().orElse(null)).isEqualTo(error);
                    assertThat(refused).hasMessageContaining(HolepunchError.describe(code));
                });
    }

    @Test
    void rendezvousFailsWithoutAnAnswerInTenSeconds() {
        StepVerifier.create(rendezvous())
                .then(() -> time.advanceTimeBy(Duration.ofMillis(9_999)))
                .expectNoEvent(Duration.ZERO)
                .then(() -> time.advanceTimeBy(Duration.ofMillis(1)))
                .verifyErrorSatisfies(
                        e -> assertThat(((HolepunchException) e).isRefused()).isFalse());
    }

    @Test
    void rendezvousAndConnectsEndWithTheWire() {
        StepVerifier.create(rendezvous())
                .then(() -> relay.pair.initiator().close().subscribe())
                .verifyError(HolepunchException.class);
        StepVerifier.create(UtHolepunch.connects(relay.ours())).verifyComplete();
    }

    @Test
    void rendezvousFailsIfTheRelayDoesNotSupportIt() {
        relay.pair
                .initiator()
                .readvertise(mine -> mine.disable(UtHolepunch.NAME))
                .subscribe();
        StepVerifier.create(rendezvous()).verifyError(IllegalStateException.class);
    }

    @Test
    void invalidTargetsAndWiresAreRefusedAtOnce() {
        InetSocketAddress name = InetSocketAddress.createUnresolved("peer.example", 6881);
        assertThatIllegalArgumentException().isThrownBy(() -> UtHolepunch.rendezvous(relay.ours(), name));
        assertThatIllegalArgumentException().isThrownBy(() -> UtHolepunch.rendezvous(relay.ours(), peer("20.1.7.1:0")));
        FakeWire bare = Wires.dialled(RELAY, options);
        assertThatIllegalArgumentException().isThrownBy(() -> UtHolepunch.rendezvous(bare, TARGET));
        assertThatIllegalArgumentException().isThrownBy(() -> UtHolepunch.connects(bare));
    }

    // ---- a relay that directs us at victims ----

    @ParameterizedTest
    @CsvSource({
        "20.1.7.1:0",
        "20.1.7.1:80",
        "0.0.0.0:6881",
        "224.0.0.1:6881",
        "127.0.0.1:6881",
        "192.168.1.2:6881",
        "[::]:6881",
        "[::1]:6881",
        "[ff02::1]:6881",
        RELAY,
        "81.2.70.1:51413"
    })
    void a72_connectsAreFilteredByThePolicyOfPeerExchange(String address) {
        relay.say(connect(peer(address)));
        assertThat(connects).isEmpty();
        assertThat(extension.ignored()).isEqualTo(Map.of(HolepunchIgnored.REFUSED, 1L));
    }

    @Test
    void a72_connectsComeOncePerAddressAndTenAMinute() {
        for (int i = 0; i < 100; i++) {
            relay.say(connect(nth(0)));
            relay.say(connect(nth(i)));
        }
        assertThat(connects).isEqualTo(Peers.peers(0, 10));
        assertThat(extension.ignored()).isEqualTo(Map.of(HolepunchIgnored.TOO_OFTEN, 190L));
        time.advanceTimeBy(Duration.ofSeconds(59));
        relay.say(connect(nth(0)));
        assertThat(connects).hasSize(10);
        time.advanceTimeBy(Duration.ofSeconds(1));
        relay.say(connect(nth(0)));
        assertThat(connects).hasSize(11).endsWith(nth(0));
    }

    @Test
    void a72_messagesOfAPeerThatHasNotListedTheExtensionAreIgnored() {
        relay.pair
                .initiator()
                .readvertise(mine -> mine.disable(UtHolepunch.NAME))
                .subscribe();
        relay.say(connect(TARGET));
        assertThat(connects).isEmpty();
        assertThat(extension.ignored()).isEqualTo(Map.of(HolepunchIgnored.UNSUPPORTED, 1L));
    }

    @Test
    void a72_malformedMessagesOfARelayAreIgnoredAndCounted() {
        relay.say(Unpooled.EMPTY_BUFFER);
        relay.say(Unpooled.wrappedBuffer(new byte[] {1, 0, 20}));
        relay.say(Unpooled.wrappedBuffer(new byte[1024]).setByte(0, 1));
        assertThat(connects).isEmpty();
        assertThat(extension.ignored())
                .isEqualTo(Map.of(
                        HolepunchIgnored.MALFORMED,
                        2L,
                        HolepunchIgnored.TRAILING_BYTES,
                        1L,
                        HolepunchIgnored.REFUSED,
                        1L));
        assertThat(relay.ours().isDisposed()).isFalse();
    }

    @Test
    void a72_theExtensionIsNotListedInAPrivateTorrent() {
        relay.close();
        relay = open(self.withShape(new TorrentShape(1 << 20, 1 << 14, true)));
        assertThat(handshake().supports(UtHolepunch.NAME)).isFalse();
        StepVerifier.create(rendezvous()).verifyError(IllegalStateException.class);
    }

    @Test
    void a72_nothingIsSentOrUsedOnceTheTorrentIsKnownToBePrivate() {
        relay.ours().shape(new TorrentShape(1 << 20, 1 << 14, true)).subscribe();
        StepVerifier.create(rendezvous()).verifyError(IllegalStateException.class);
        relay.say(connect(TARGET));
        assertThat(connects).isEmpty();
        assertThat(relay.takeTold()).isEmpty();
    }

    @Test // a real wire drops them too
    void a72_messagesInAPrivateTorrentAreNotUsed() {
        FakeWire wire = introduce(Wires.dialled(RELAY, self));
        UtHolepunch.connects(wire).subscribe(connects::add);
        sayHex(wire, UtHolepunch.NAME, "0100140107011ae1");
        assertThat(connects).hasSize(1);
        turnPrivate(wire);
        sayHex(wire, UtHolepunch.NAME, "0100140207011ae1");
        assertThat(connects).hasSize(1);
    }

    private ExtendedHandshake handshake() {
        return relay.pair
                .initiator()
                .extendedHandshake()
                .blockOptional(Duration.ofSeconds(1))
                .orElseThrow();
    }
}
