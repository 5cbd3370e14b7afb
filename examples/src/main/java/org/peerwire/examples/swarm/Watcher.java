/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.metadata.Torrent;
import org.peerwire.pex.UtPex;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Takes part in a swarm without wanting or having any data: to see who is there, or to get the metadata. */
public final class Watcher {
    private final Target target;
    private final SwarmSettings settings;
    private final SwarmEvent.Listener events;
    private final PeerId peerId = PeerId.random();
    private final UtPex pex = UtPex.create();
    private final Uploads nothing = new Uploads();
    private final Scheduler loop = Schedulers.single();
    private final MetadataSource metadata;

    /** A watcher, not yet started. */
    public Watcher(Target target, SwarmSettings settings, SwarmEvent.Listener events) {
        this.target = target;
        this.events = events;
        this.metadata = new MetadataSource(target);
        List<InetSocketAddress> peers = Stream.concat(settings.peers().stream(), target.peers().stream())
                .distinct()
                .toList();
        this.settings = settings.withPeers(peers);
    }

    /** Watches until cancelled; what there is to see are the events. Fails when no peer can be reached. */
    public Mono<Void> run() {
        Torrent known = target.torrent();
        if (known != null && known.isPrivate()) {
            return Mono.error(new SwarmException("in a private torrent there is no peer exchange"));
        }
        return new Swarm(settings, target.infoHash(), this::self, this::session, events, loop).run();
    }

    /** The metadata, from whoever has it. Fails when no peer can be reached. */
    public Mono<Torrent> metadata() {
        return Mono.firstWithSignal(metadata.torrent(), run().then(Mono.never()));
    }

    private LocalPeer self(int port) {
        return metadata.introduce(
                LocalPeer.of(target.infoHash(), peerId).withListenPort(port).withExtension(pex));
    }

    private Mono<Void> session(Wire wire) {
        nothing.tell(wire);
        return metadata.exchange(wire);
    }
}
