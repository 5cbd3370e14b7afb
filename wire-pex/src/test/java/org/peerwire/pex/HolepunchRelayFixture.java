/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.peerwire.pex.Peers.nth;
import static org.peerwire.pex.Peers.peer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A relay with a virtual clock, and peers that dial it over real wires. */
abstract class HolepunchRelayFixture {
    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final PexOptions options = PexOptions.builder().scheduler(time).build();
    final UtHolepunch extension = UtHolepunch.create(options);
    final LocalPeer self = named().withExtension(extension).withListenPort(6881);
    final List<HolepunchPeer> peers = new ArrayList<>();
    HolepunchRelay relay = HolepunchRelay.create(options);

    @AfterEach
    void closePeers() {
        peers.forEach(HolepunchPeer::close);
    }

    static LocalPeer named() {
        return LocalPeer.of(Wires.HASH, PeerId.random());
    }

    static LocalPeer speaking() {
        return named().withExtension(UtHolepunch.create());
    }

    HolepunchPeer at(String address) {
        return at(address, speaking());
    }

    HolepunchPeer at(String address, LocalPeer theirs) {
        return add(new HolepunchPeer(theirs, self, time, pair -> pair.addresses(peer(address), Wires.SELF)
                .onResponder(relay::join)));
    }

    /** Adds the peer of {@link Peers#nth}. */
    HolepunchPeer at(int n) {
        return at(nth(n).getAddress().getHostAddress() + ":6881");
    }

    HolepunchPeer add(HolepunchPeer peer) {
        peers.add(peer);
        return peer;
    }

    void pass(int seconds) {
        time.advanceTimeBy(Duration.ofSeconds(seconds));
    }
}
