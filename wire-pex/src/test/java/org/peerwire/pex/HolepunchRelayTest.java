/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.peerwire.pex.HolepunchMessage.connect;
import static org.peerwire.pex.HolepunchMessage.error;
import static org.peerwire.pex.Peers.nth;
import static org.peerwire.pex.Peers.peer;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.test.FakeWire;
import org.peerwire.test.WirePair;
import reactor.core.Disposable;
import reactor.test.StepVerifier;

/** A relay over real wires. */
class HolepunchRelayTest extends HolepunchRelayFixture {

    @Test
    void bothAreToldToConnectToEachOther() {
        HolepunchPeer asking = at(1);
        HolepunchPeer target = at(2);
        HolepunchPeer other = at(3);
        asking.rendezvous(nth(2));
        assertThat(asking.takeTold()).containsExactly(connect(nth(2)));
        assertThat(target.takeTold()).containsExactly(connect(nth(1)));
        assertThat(other.takeTold()).isEmpty();
        assertThat(extension.ignored()).isEmpty();
    }

    @Test
    void ipv6PeersAreIntroducedToo() {
        HolepunchPeer asking = at("[2a00::1]:6881");
        HolepunchPeer target = at("[2a00::2]:6881");
        asking.rendezvous("[2a00::2]:6881");
        assertThat(asking.takeTold()).containsExactly(connect(peer("[2a00::2]:6881")));
        assertThat(target.takeTold()).containsExactly(connect(peer("[2a00::1]:6881")));
    }

    @Test
    void aPeerThatDialledUsIsKnownByItsListenPort() {
        HolepunchPeer asking = at("20.1.7.1:50000", speaking().withListenPort(7001));
        HolepunchPeer target = at("20.2.7.1:50000", speaking().withListenPort(7002));
        asking.rendezvous("20.2.7.1:7002");
        assertThat(asking.takeTold()).containsExactly(connect(peer("20.2.7.1:7002")));
        assertThat(target.takeTold()).containsExactly(connect(peer("20.1.7.1:7001")));
        target.rendezvous("20.1.7.1:50000");
        assertThat(asking.takeTold()).containsExactly(connect(peer("20.2.7.1:7002")));
    }

    @Test
    void aPeerThatWeDialledIsSentWithThatAddress() {
        HolepunchPeer target = at(2);
        UtHolepunch theirs = UtHolepunch.create();
        WirePair dialled = WirePair.builder(self, named().withExtension(theirs).withListenPort(7001))
                .clock(time)
                .addresses(Wires.SELF, nth(1))
                .onInitiator(relay::join)
                .open();
        UtHolepunch.rendezvous(dialled.responder(), nth(2)).subscribe();
        assertThat(target.takeTold()).containsExactly(connect(nth(1)));
        dialled.dispose();
    }

    @Test
    void theTwoEndsOfTheExtensionMeetThroughTheRelay() {
        HolepunchPeer asking = at(1);
        HolepunchPeer target = at(2);
        StepVerifier.create(UtHolepunch.connects(target.pair.initiator()).take(1))
                .then(() -> StepVerifier.create(UtHolepunch.rendezvous(asking.pair.initiator(), nth(2)))
                        .verifyComplete())
                .expectNext(nth(1))
                .verifyComplete();
    }

    @Test
    void aPeerThatHasLeftIsNotConnected() {
        HolepunchPeer asking = at(1);
        at(2).close();
        asking.rendezvous(nth(2));
        assertThat(asking.takeTold()).containsExactly(error(nth(2), HolepunchError.NOT_CONNECTED));
    }

    @Test
    void aRemovedWireIsNotAnsweredAndStaysOpen() {
        List<Disposable> joined = new ArrayList<>();
        HolepunchPeer asking =
                add(new HolepunchPeer("20.1.7.1:6881", speaking(), self, time, wire -> joined.add(relay.join(wire))));
        joined.get(0).dispose();
        asking.rendezvous(nth(2));
        HolepunchPeer target = at(2);
        relay.dispose();
        target.rendezvous(nth(1));
        assertThat(asking.takeTold()).isEmpty();
        assertThat(target.takeTold()).isEmpty();
        assertThat(asking.ours().isDisposed()).isFalse();
        assertThat(relay.join(target.ours()).isDisposed()).isTrue();
    }

    @Test
    void aWireThatJoinsTwiceIsAnsweredOnce() {
        HolepunchPeer asking = at(1);
        relay.join(asking.ours());
        asking.rendezvous(nth(2));
        assertThat(asking.takeTold()).hasSize(1);
        assertThat(extension.ignored()).isEmpty();
    }

    @Test
    void wiresOfAnotherTorrentOrWithoutTheExtensionAreRefused() {
        at(1);
        InfoHash other = InfoHash.parse("ff02030405060708090a0b0c0d0e0f1011121314");
        FakeWire stranger = Wires.dialled(
                "20.2.7.1:6881", LocalPeer.of(other, PeerId.random()).withExtension(extension));
        assertThatIllegalArgumentException().isThrownBy(() -> relay.join(stranger));
        FakeWire bare = Wires.dialled("20.2.7.1:6881", options);
        assertThatIllegalArgumentException().isThrownBy(() -> relay.join(bare));
    }
}
