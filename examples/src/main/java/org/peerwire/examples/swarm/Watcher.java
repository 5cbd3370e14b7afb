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

/** A participant of a swarm without data, which watches the peers or fetches the metadata. */
public final class Watcher {
    private final Target target;
    private final SwarmSettings settings;
    private final SwarmEvent.Listener events;
    private final PeerId peerId = PeerId.random();
    private final UtPex pex = UtPex.create();
    private final Uploads nothing = new Uploads();
    private final Scheduler loop = Schedulers.single();
    private final MetadataSource metadata;

    /** Creates a watcher that is not started. */
    public Watcher(Target target, SwarmSettings settings, SwarmEvent.Listener events) {
        this.target = target;
        this.events = events;
        this.metadata = new MetadataSource(target);
        List<InetSocketAddress> peers = Stream.concat(settings.peers().stream(), target.peers().stream())
                .distinct()
                .toList();
        this.settings = settings.withPeers(peers);
    }

    /** Watches until cancelled. The results are events. Fails when no peer can be reached or the torrent is private. */
    public Mono<Void> run() {
        Torrent known = target.torrent();
        if (known != null && known.isPrivate()) {
            return Mono.error(new SwarmException("the torrent is private, so peer exchange is not allowed (BEP 27)"));
        }
        return new Swarm(settings, target.hashes(), this::self, this::session, events, loop).run();
    }

    /** Fetches the metadata from all peers. Fails when no peer can be reached. */
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
