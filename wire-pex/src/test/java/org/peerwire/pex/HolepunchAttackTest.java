/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.pex.HolepunchMessage.connect;
import static org.peerwire.pex.HolepunchMessage.error;
import static org.peerwire.pex.Peers.nth;
import static org.peerwire.pex.Peers.peer;
import static org.peerwire.pex.Wires.introduce;
import static org.peerwire.pex.Wires.sayHex;
import static org.peerwire.pex.Wires.takeSentHex;
import static org.peerwire.pex.Wires.turnPrivate;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.LocalPeer;
import org.peerwire.TorrentShape;
import org.peerwire.test.FakeWire;

/** Attackers that scan or flood through a relay: A-72. */
class HolepunchAttackTest extends HolepunchRelayFixture {
    private static final TorrentShape PRIVATE = new TorrentShape(1 << 20, 1 << 14, true);

    // ---- peers that are not introduced ----

    @Test
    void a72_onlyPeersConnectedToTheRelayAreIntroduced() {
        HolepunchPeer asking = at(1);
        asking.rendezvous("9.9.9.9:6881");
        asking.rendezvous("20.2.7.1:6882");
        at(2);
        asking.rendezvous("20.2.7.1:6883");
        assertThat(asking.takeTold())
                .containsExactly(
                        error(peer("9.9.9.9:6881"), HolepunchError.NOT_CONNECTED),
                        error(peer("20.2.7.1:6882"), HolepunchError.NOT_CONNECTED),
                        error(peer("20.2.7.1:6883"), HolepunchError.NOT_CONNECTED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"20.2.7.1:0", "0.0.0.0:6881", "224.0.0.1:6881", "255.255.255.255:6881", "[2a00::2]:6881"})
    void a72_invalidAddressesAndOtherFamiliesAreAnsweredWithNoSuchPeer(String target) {
        at("[2a00::2]:6881");
        HolepunchPeer asking = at(1);
        asking.rendezvous(target);
        assertThat(asking.takeTold()).containsExactly(error(peer(target), HolepunchError.NO_SUCH_PEER));
    }

    @ParameterizedTest(name = "{0} asks for {1}")
    @CsvSource({
        "20.1.7.1:6881, 192.168.1.2:6881",
        "20.1.7.1:6881, 127.0.0.1:6881",
        "192.168.1.2:6881, 20.1.7.1:6881",
        "127.0.0.1:6881, 20.1.7.1:6881",
        "127.0.0.1:6881, 192.168.1.2:6881",
        "192.168.1.2:6881, 127.0.0.1:6881",
        "[2a00::1]:6881, [fd00::1]:6881",
        "[fd00::1]:6881, [2a00::1]:6881",
    })
    void a72_localAndPublicPeersAreNeverBridged(String from, String to) {
        HolepunchPeer target = at(to);
        HolepunchPeer asking = at(from);
        asking.rendezvous(to);
        assertThat(asking.takeTold()).containsExactly(error(peer(to), HolepunchError.NO_SUCH_PEER));
        assertThat(target.takeTold()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"20.1.7.1:6881, 192.168.1.2:6881", "192.168.1.2:6881, 20.1.7.1:6881"})
    void a72_noPolicyBridgesLocalAndPublicPeers(String from, String to) {
        PexPolicy all = new PexPolicy() {
            @Override
            public boolean accept(InetSocketAddress candidate, SocketAddress teller) {
                return true;
            }

            @Override
            public boolean tell(InetSocketAddress candidate, SocketAddress listener) {
                return true;
            }
        };
        relay = HolepunchRelay.create(options.mutate().policy(all).build());
        a72_localAndPublicPeersAreNeverBridged(from, to);
    }

    @Test // the answer is the same with and without a peer
    void a72_aPublicPeerCannotScanANetwork() {
        at("192.168.1.2:6881");
        HolepunchPeer asking = at(1);
        for (String address : List.of("192.168.1.2:6881", "192.168.1.3:6881", "127.0.0.1:6881")) {
            asking.rendezvous(address);
            assertThat(asking.takeTold()).containsExactly(error(peer(address), HolepunchError.NO_SUCH_PEER));
        }
    }

    @Test
    void a72_localPeersAreIntroducedToEachOther() {
        HolepunchPeer asking = at("192.168.1.2:6881");
        HolepunchPeer target = at("192.168.1.3:6881");
        asking.rendezvous("192.168.1.3:6881");
        assertThat(asking.takeTold()).containsExactly(connect(peer("192.168.1.3:6881")));
        assertThat(target.takeTold()).containsExactly(connect(peer("192.168.1.2:6881")));
    }

    @Test
    void a72_aTargetWithoutTheExtensionIsAnsweredWithNoSupport() {
        HolepunchPeer asking = at(1);
        at("20.2.7.1:6881", named());
        asking.rendezvous(nth(2));
        assertThat(asking.takeTold()).containsExactly(error(nth(2), HolepunchError.NO_SUPPORT));
    }

    @Test
    void a72_aPeerThatHasNotListedTheExtensionIsIgnoredAndCounted() {
        HolepunchPeer asking = at(1);
        HolepunchPeer target = at(2);
        asking.pair
                .initiator()
                .readvertise(mine -> mine.disable(UtHolepunch.NAME))
                .subscribe();
        asking.rendezvous(nth(2));
        assertThat(target.takeTold()).isEmpty();
        assertThat(asking.takeTold()).isEmpty();
        assertThat(extension.ignored()).isEqualTo(Map.of(HolepunchIgnored.UNSUPPORTED, 1L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"20.1.7.1:50000", "20.1.7.1:7001", "81.2.70.1:51413", "81.2.70.1:6881"})
    void a72_neitherThePeerItselfNorTheRelayIsIntroduced(String target) {
        HolepunchPeer asking = at("20.1.7.1:50000", speaking().withListenPort(7001));
        asking.rendezvous(target);
        assertThat(asking.takeTold()).containsExactly(error(peer(target), HolepunchError.NO_SELF));
    }

    @Test
    void a72_aClaimedPortIsSentOnlyIfThePolicyAcceptsIt() {
        HolepunchPeer asking = at("20.1.7.1:50000", speaking().withListenPort(25));
        HolepunchPeer target = at(2);
        asking.rendezvous(nth(2));
        assertThat(target.takeTold()).containsExactly(connect(peer("20.1.7.1:50000")));
    }

    @Test
    void a72_malformedMessagesAreCountedAndNotAnswered() {
        HolepunchPeer asking = at(1);
        asking.say(Unpooled.wrappedBuffer(new byte[2]));
        asking.say(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("0000140207011a")));
        asking.say(connect(nth(2)));
        assertThat(asking.takeTold()).isEmpty();
        assertThat(extension.ignored()).isEqualTo(Map.of(HolepunchIgnored.MALFORMED, 2L));
        assertThat(asking.ours().isDisposed()).isFalse();
    }

    // ---- private torrents ----

    @Test
    void a72_wiresOfAPrivateTorrentDoNotJoin() {
        HolepunchPeer asking = open(self.withShape(PRIVATE));
        assertThat(relay.join(asking.ours()).isDisposed()).isTrue();
        assertThat(asking.pair.initiator().extension(UtHolepunch.NAME).supported())
                .isFalse();
    }

    private HolepunchPeer open(LocalPeer ours) {
        return add(new HolepunchPeer("20.1.7.1:6881", speaking(), ours, time, relay::join));
    }

    @Test
    void a72_noPeerIsIntroducedOnceTheTorrentIsKnownToBePrivate() {
        HolepunchPeer asking = at(1);
        HolepunchPeer target = at(2);
        // sent before the peer knows it
        asking.pair.toInitiator().delay(Duration.ofSeconds(1));
        asking.ours().shape(PRIVATE).subscribe();
        asking.rendezvous(nth(2));
        pass(2);
        assertThat(asking.takeTold()).isEmpty();
        assertThat(target.takeTold()).isEmpty();
    }

    @Test // a real wire drops them too
    void a72_messagesInAPrivateTorrentAreNotAnswered() {
        FakeWire asking = introduce(Wires.dialled("20.1.7.1:6881", self));
        relay.join(asking);
        sayHex(asking, UtHolepunch.NAME, "0000140207011ae1");
        assertThat(takeSentHex(asking, UtHolepunch.NAME)).hasSize(1);
        turnPrivate(asking);
        sayHex(asking, UtHolepunch.NAME, "0000140307011ae1");
        assertThat(takeSentHex(asking, UtHolepunch.NAME)).isEmpty();
    }

    // ---- rates ----

    @Test
    void a72_aPairIsIntroducedOnceAMinute() {
        HolepunchPeer asking = at(1);
        HolepunchPeer target = at(2);
        for (int second = 0; second < 60; second++) {
            asking.rendezvous(nth(2));
            pass(1);
        }
        assertThat(asking.takeTold()).hasSize(1);
        assertThat(target.takeTold()).hasSize(1);
        assertThat(extension.ignored()).isEqualTo(Map.of(HolepunchIgnored.TOO_OFTEN, 59L));
        asking.rendezvous(nth(2));
        assertThat(asking.takeTold()).containsExactly(connect(nth(2)));
        assertThat(target.takeTold()).containsExactly(connect(nth(1)));
    }

    @Test
    void a72_theTwoAddressesOfATargetCountAsOne() {
        HolepunchPeer asking = at(1);
        HolepunchPeer target = at("20.2.7.1:50000", speaking().withListenPort(7002));
        asking.rendezvous("20.2.7.1:7002");
        asking.rendezvous("20.2.7.1:50000");
        assertThat(target.takeTold()).hasSize(1);
        assertThat(asking.takeTold()).hasSize(1);
    }

    @Test
    void a72_aRendezvousFloodIsAnsweredTenTimesAMinute() {
        HolepunchPeer asking = at(1);
        HolepunchPeer target = at(2);
        for (int i = 0; i < 10_000; i++) {
            asking.rendezvous(nth(3 + i % 2000));
        }
        asking.rendezvous(nth(2));
        assertThat(asking.takeTold()).hasSize(10).allMatch(told -> told.type() == HolepunchMessage.Type.ERROR);
        assertThat(target.takeTold()).isEmpty();
        assertThat(extension.ignored()).isEqualTo(Map.of(HolepunchIgnored.TOO_OFTEN, 9_991L));
        target.rendezvous(nth(1));
        assertThat(target.takeTold()).containsExactly(connect(nth(1)));
        pass(60);
        asking.takeTold();
        asking.rendezvous(nth(3));
        assertThat(asking.takeTold()).hasSize(1);
    }

    @Test
    void a72_aNewWireDoesNotResetTheRate() {
        HolepunchPeer target = at(2);
        for (int i = 0; i < 20; i++) {
            HolepunchPeer asking = at("20.1.7.1:" + (50_000 + i));
            asking.rendezvous(nth(2));
            asking.close();
        }
        assertThat(target.takeTold()).hasSize(1);
        pass(60);
        at("20.1.7.1:60000").rendezvous(nth(2));
        assertThat(target.takeTold()).hasSize(1);
    }

    @Test
    void a72_aSecondWireFromTheSameAddressDoesNotResetTheRate() {
        at(2);
        HolepunchPeer other = at("20.1.7.1:40001");
        HolepunchPeer silent = at("20.1.7.1:40000");
        HolepunchPeer asking = at("20.1.7.1:40002");
        for (int i = 3; i < 13; i++) {
            asking.rendezvous(nth(i));
        }
        assertThat(asking.takeTold()).hasSize(10);
        asking.close();
        other.rendezvous(nth(13));
        other.close();
        silent.close();
        HolepunchPeer again = at("20.1.7.1:40003");
        again.rendezvous(nth(2));
        assertThat(again.takeTold()).isEmpty();
    }

    @Test
    void a72_manyPeersTogetherCannotFloodATarget() {
        HolepunchPeer target = at(0);
        for (int i = 1; i <= 50; i++) {
            at(i).rendezvous(nth(0));
        }
        assertThat(target.takeTold()).hasSize(30);
        assertThat(extension.ignored()).isEqualTo(Map.of(HolepunchIgnored.TOO_OFTEN, 20L));
    }

    @Test
    void a72_atMostEightMessagesWaitForATargetThatDoesNotRead() {
        FakeWire target = introduce(Wires.dialled("20.0.7.1:6881", self));
        target.stopReading();
        relay.join(target);
        for (int i = 1; i <= 25; i++) {
            at(i).rendezvous(nth(0));
        }
        assertThat(takeSentHex(target, UtHolepunch.NAME)).hasSize(8);
        assertThat(extension.ignored()).isEqualTo(Map.of(HolepunchIgnored.TOO_OFTEN, 17L));
    }
}
