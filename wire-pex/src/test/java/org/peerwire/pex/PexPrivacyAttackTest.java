/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.adding;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.pex.PeerEvent.Added;
import org.peerwire.test.WirePair;
import reactor.core.publisher.Flux;

/** Information that a passive peer must not learn: A-44. {@link PexAnnouncerTest} has private torrents. */
class PexPrivacyAttackTest {
    private HostilePeer peer = new HostilePeer();

    @AfterEach
    void close() {
        peer.close();
    }

    private void at(String address) {
        peer.close();
        peer = new HostilePeer(address, options -> options, UtPex::events);
    }

    private void tell(PeerEvent... swarm) {
        UtPex.announce(peer.pair.responder(), Flux.just(swarm)).subscribe();
        peer.pass(Duration.ofSeconds(1));
    }

    @Test
    void a44_privateAddressesAreNotSentToAPublicPeer() {
        tell(added("10.0.0.1:6881"), added("127.0.0.1:6881"), added("[fd00::1]:6881"), added(1));
        assertThat(peer.told()).containsExactly(adding(added(1)));
    }

    @Test
    void a44_privateAddressesAreSentInTheirOwnNetwork() {
        at("192.168.1.2:6881");
        tell(added("10.0.0.1:6881"), added("127.0.0.1:6881"), added(1));
        assertThat(peer.told()).containsExactly(adding(added("10.0.0.1:6881"), added(1)));
    }

    @Test // case 83
    void a44_addressesThatCannotBeDialledAreNotSent() {
        tell(
                new Added(InetSocketAddress.createUnresolved("peer.example", 6881)),
                added("9.9.9.9:0"),
                added("0.0.0.0:6881"),
                added("[ff02::1]:6881"));
        assertThat(peer.told()).isEmpty();
    }

    @Test
    void a44_thePeerIsNotAnnouncedToItself() throws UnknownHostException {
        at("81.2.69.142:40000");
        byte[] v6 = InetAddress.getByName("2a00::1").getAddress();
        peer.pair
                .initiator()
                .readvertise(mine -> mine.listenPort(6881).put("ipv6", BencodeValue.of(v6)))
                .subscribe();
        tell(added("81.2.69.142:6881"), added("[2a00::1]:6881"), added("81.2.69.142:40000"), added("[2a00::1]:1"));
        assertThat(peer.told()).containsExactly(adding(added("[2a00::1]:1")));
    }

    @Test // nobody can dial its source port, which only discloses the connection to us
    void a44_aPeerThatDialledUsIsAnnouncedOnlyWithItsListenPort() {
        PexSwarm swarm =
                PexSwarm.create(PexOptions.builder().scheduler(peer.time).build());
        HostilePeer silent = new HostilePeer("81.3.1.1:50001", options -> options, UtPex::events);
        swarm.join(peer.pair.responder());
        swarm.join(silent.pair.responder());
        peer.pass(Duration.ofMinutes(2));
        assertThat(peer.told()).isEmpty();
        WirePair dialling = silent.pair;
        dialling.initiator().readvertise(mine -> mine.listenPort(7001)).subscribe();
        peer.pass(Duration.ofMinutes(2));
        assertThat(peer.told()).containsExactly(adding(added("81.3.1.1:7001")));
        silent.close();
    }
}
