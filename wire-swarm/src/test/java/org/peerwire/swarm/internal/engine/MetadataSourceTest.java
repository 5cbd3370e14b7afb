/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.test.WirePair;
import reactor.core.scheduler.Schedulers;

class MetadataSourceTest {
    private static final InfoHash TORRENT = InfoHash.parse("01".repeat(20));

    @Test
    void anEndedWireIsNotKept() throws InterruptedException {
        MetadataSource source = new MetadataSource(InfoHashes.ofHandshake(TORRENT), null, Schedulers.parallel());
        WeakReference<Wire> ended = endedWire(source);

        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (ended.get() != null && System.nanoTime() < deadline) {
            System.gc();
            Thread.sleep(10);
        }

        assertThat(ended.get()).isNull();
        assertThat(source.introduce(LocalPeer.of(TORRENT, PeerId.random())).extensions())
                .isNotEmpty(); // the source is still there
    }

    private static WeakReference<Wire> endedWire(MetadataSource source) {
        LocalPeer self = source.introduce(LocalPeer.of(TORRENT, PeerId.random()));
        WirePair pair = WirePair.open(self, LocalPeer.of(TORRENT, PeerId.random()));
        source.exchange(pair.initiator()).subscribe();
        pair.dispose();
        return new WeakReference<>(pair.initiator());
    }
}
