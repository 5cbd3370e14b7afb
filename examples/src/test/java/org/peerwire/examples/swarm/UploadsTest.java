/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.message.PieceSet;
import org.peerwire.test.WirePair;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

class UploadsTest {
    private final List<Throwable> dropped = new ArrayList<>();

    @AfterEach
    void resetHook() {
        Hooks.resetOnErrorDropped();
    }

    @Test
    void anEndedWireIsNotAnnouncedTo() {
        LocalPeer self = LocalPeer.of(InfoHash.parse("01".repeat(20)), PeerId.random());
        WirePair pair = WirePair.open(self, LocalPeer.of(self.infoHash(), PeerId.random()));
        Uploads uploads = new Uploads();
        uploads.offer(PieceSet.all(3), request -> Mono.empty());
        Hooks.onErrorDropped(dropped::add);
        pair.dispose();

        uploads.tell(pair.initiator());

        assertThat(dropped).isEmpty();
    }
}
