/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Peers.alice;
import static org.peerwire.test.Peers.bob;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.peerwire.Features;
import org.peerwire.Ignored;
import org.peerwire.message.Message;
import reactor.core.publisher.Mono;

/** Tests the messages directly after the handshake. */
class FirstMessagesTest {

    // case 9
    @Test
    void keepAlivesBetweenMessagesChangeNothing() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(alice()).handshake(Features.DEFAULT);

        peer.sendHex("00000000" + "0000000101" + "00000000" + "00000000" + "0000000102" + "00000000");

        assertThat(peer.wire().state().peerChoking()).isFalse();
        assertThat(peer.wire().state().peerInterested()).isTrue();
        assertThat(peer.wire().stats().ignored()).isEqualTo(Map.of(Ignored.KEEP_ALIVE, 4L));
        peer.dispose();
    }

    @Test
    void subscriberInsideTheAdmittedPairMissesNothing() {
        List<Message> seen = new ArrayList<>();
        WirePair pair = WirePair.builder(alice(), bob())
                .onInitiator(
                        wire -> wire.outbound().send(new Message.Interested()).subscribe())
                .onResponder(wire -> wire.inbound().subscribe(seen::add))
                .open();

        assertThat(seen).hasSize(2);
        assertThat(seen.get(0)).isInstanceOf(Message.Extended.class);
        assertThat(seen.get(1)).isEqualTo(new Message.Interested());
        assertThat(Mono.from(pair.responder().states())
                        .block(Duration.ofSeconds(1))
                        .peerInterested())
                .isTrue();
        pair.dispose();
    }
}
