/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.extension.Extension;
import org.peerwire.metadata.MetadataOptions;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.UtMetadata;
import org.peerwire.pex.HolepunchRelay;
import org.peerwire.pex.PeerEvent;
import org.peerwire.pex.PexFlags;
import org.peerwire.pex.PexOptions;
import org.peerwire.pex.PexSwarm;
import org.peerwire.pex.UtHolepunch;
import org.peerwire.pex.UtPex;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/** The objects of one trial that outlive its wire, and must not hold it after its end. */
final class Attachments {
    static final byte[] INFO =
            ("d6:lengthi5e4:name5:a.txt12:piece lengthi16384e6:pieces20:" + "x".repeat(20) + "e").getBytes(US_ASCII);
    static final InfoHash TORRENT = Torrent.fromInfo(INFO).hashes().wire();
    static final String EXTENSION = "xx_end";
    static final InetSocketAddress SOMEBODY = new InetSocketAddress("80.4.4.201", 6881);

    final PexSwarm swarm;
    final HolepunchRelay relay;
    final UtMetadata metadata = UtMetadata.serving(INFO);
    final MetadataOptions metadataOptions;
    private final PexOptions pexOptions;
    private final Set<InetSocketAddress> members = ConcurrentHashMap.newKeySet();
    private final Disposable watching;

    Attachments(Scheduler scheduler) {
        pexOptions = PexOptions.builder()
                .scheduler(scheduler)
                .gatherTime(Subject.NO_RESCUE)
                .build();
        metadataOptions = MetadataOptions.builder().scheduler(scheduler).build();
        swarm = PexSwarm.create(pexOptions);
        relay = HolepunchRelay.create(pexOptions);
        watching = swarm.members().subscribe(this::changed);
    }

    private void changed(PeerEvent event) {
        if (event instanceof PeerEvent.Added) {
            members.add(event.peer());
        } else {
            members.remove(event.peer());
        }
    }

    /** Returns a peer with every extension, in the order of the numbers that {@link Words} uses. */
    LocalPeer peer() {
        return LocalPeer.of(TORRENT, PeerId.random())
                .withExtension(UtPex.create(pexOptions))
                .withExtension(metadata)
                .withExtension(UtHolepunch.create(pexOptions))
                .withExtension(Extension.named(EXTENSION))
                .withShape(Words.SHAPE);
    }

    /** Returns a swarm of one peer, to announce on every wire. */
    Flux<PeerEvent> others() {
        return Flux.concat(Flux.just(new PeerEvent.Added(SOMEBODY, PexFlags.NONE)), Flux.never());
    }

    /** Returns the members of the swarm. */
    Set<InetSocketAddress> members() {
        return members;
    }

    void dispose() {
        watching.dispose();
        swarm.dispose();
        relay.dispose();
    }
}
