/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.kit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.peerwire.Features;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.pex.PeerEvent;
import org.peerwire.pex.UtPex;
import org.peerwire.test.ScriptedPeer;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Shows how to test a consumer of peer exchange against a scripted peer. */
class PexConsumerTest {
    private static final InetSocketAddress TOLD = new InetSocketAddress("80.4.4.200", 6881);

    private final LocalPeer self =
            LocalPeer.of(InfoHash.parse("01".repeat(20)), PeerId.random()).withExtension(UtPex.create());

    /** Returns the peers to dial: the code under test. */
    private static Flux<Set<InetSocketAddress>> candidates(Wire wire) {
        Set<InetSocketAddress> all = new LinkedHashSet<>();
        return UtPex.events(wire)
                .map(event -> event instanceof PeerEvent.Added ? all.add(event.peer()) : all.remove(event.peer()))
                .map(changed -> Set.copyOf(all));
    }

    @Test
    void whoIsDroppedIsNotDialled() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(self).handshake(Features.DEFAULT);

        StepVerifier.create(candidates(peer.wire()))
                .then(() -> peer.sendExtended("ut_pex", pex("added", "500404c8 1ae1")))
                .expectNext(Set.of(TOLD))
                .then(() -> peer.advance(Duration.ofMinutes(1)))
                .then(() -> peer.sendExtended("ut_pex", pex("dropped", "500404c8 1ae1")))
                .expectNext(Set.of())
                .then(peer::close)
                .verifyComplete();
    }

    private static ByteBuf pex(String key, String peers) {
        byte[] compact = HexFormat.of().parseHex(peers.replace(" ", ""));
        return Unpooled.wrappedBuffer(
                BencodeValue.dictionary().put(key, compact).build().encoded());
    }
}
