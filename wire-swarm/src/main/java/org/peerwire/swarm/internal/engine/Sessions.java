/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.engine;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireStats;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.swarm.PeerStats;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import org.peerwire.swarm.internal.peers.Addresses;
import org.peerwire.swarm.internal.pieces.Download;
import org.peerwire.swarm.internal.pieces.Lane;
import org.peerwire.swarm.internal.upload.Uploads;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The work of a swarm on each of its wires, and the facts about their peers. */
final class Sessions {
    private final Setup setup;
    private final SwarmLoop loop;
    private final Stage stage;
    private final Uploads uploads;
    private final MetadataSource metadata;
    private final Discoveries discoveries;
    private final Mono<Download> ready;
    private final Broadcast<Wire> wires;
    private final Past past = new Past();

    /** The wires whose work has begun and not ended. Confined to the thread of the swarm. */
    private final Set<Wire> open = new LinkedHashSet<>();

    Sessions(
            Setup setup,
            SwarmLoop loop,
            Stage stage,
            Uploads uploads,
            MetadataSource metadata,
            Discoveries discoveries,
            Mono<Download> ready,
            Broadcast<Wire> wires) {
        this.setup = setup;
        this.loop = loop;
        this.stage = stage;
        this.uploads = uploads;
        this.metadata = metadata;
        this.discoveries = discoveries;
        this.ready = ready;
        this.wires = wires;
    }

    /** Works on a wire until it ends. Call it on the event loop of the wire, before its first read. */
    Mono<Void> run(Wire wire) {
        PieceSet told = uploads.tell(wire);
        Mono<Void> heard = wire.inbound()
                .filter(Sessions::isAboutPieces)
                .publishOn(loop)
                .doOnNext(message -> heard(wire, message))
                .then();
        Mono<Void> pulled = ready.flatMap(begun -> shaped(wire, begun)
                .then(Mono.defer(() -> begun.join(wire, told)).subscribeOn(loop)));
        Mono<Void> handled = Flux.fromIterable(setup.handlers)
                .flatMap(handler -> handler.apply(wire))
                .then();
        loop.schedule(() -> entered(wire));
        return Mono.when(handled, discoveries.handle(wire), uploads.serve(wire), metadata.exchange(wire), heard, pulled)
                .doFinally(end -> loop.schedule(() -> left(wire)));
    }

    private Mono<Void> shaped(Wire wire, Download begun) {
        return wire.torrent().isEmpty() ? wire.shape(begun.shape()) : Mono.empty();
    }

    private static boolean isAboutPieces(Message message) {
        return switch (message.type()) {
            case HAVE, BITFIELD, HAVE_ALL, HAVE_NONE, ALLOWED_FAST -> true;
            default -> false;
        };
    }

    private void heard(Wire wire, Message message) {
        Download download = stage.download;
        if (download != null) {
            download.heard(wire, message);
        }
    }

    /** Returns the wires that subscribers have been told. */
    Collection<Wire> open() {
        return open;
    }

    private void entered(Wire wire) {
        open.add(wire);
        wires.emit(wire);
    }

    private void left(Wire wire) {
        open.remove(wire);
        past.add(facts(wire));
        Download download = stage.download;
        if (download != null) {
            download.leave(wire);
        }
    }

    // ---- facts ----

    /** Notes how it is proven that a peer has lied. */
    void prove(PeerId peer, String proof) {
        past.prove(peer, proof);
    }

    /**
     * Returns the facts about the peers whose work has not ended, then about the others. The work on a wire ends a little
     * after the wire; until then, the past does not have the wire.
     */
    List<PeerStats> facts() {
        Map<PeerId, PeerStats> all = new LinkedHashMap<>();
        open.forEach(wire ->
                all.merge(wire.remote().peerId(), facts(wire), (a, b) -> a.isConnected() ? a.plus(b) : b.plus(a)));
        past.all().forEach(peer -> all.merge(peer.id(), peer, PeerStats::plus));
        return List.copyOf(all.values());
    }

    private PeerStats facts(Wire wire) {
        PeerId id = wire.remote().peerId();
        Download download = stage.download;
        Lane lane = download == null ? null : download.lane(wire);
        WireStats stats = wire.stats();
        return new PeerStats(
                Addresses.of(wire),
                id,
                !wire.isDisposed(),
                download == null ? wire.peerPieces().cardinality() : download.announced(wire),
                lane == null ? 0 : lane.received(),
                lane == null ? 0 : lane.wasted(),
                stats.payloadOut(),
                stats.payloadInRate(),
                stats.payloadOutRate(),
                uploads.repeated(wire),
                lane == null ? 0 : lane.stalls(),
                lane == null ? 0 : lane.refusals(),
                lane == null ? 0 : lane.failedPieces(),
                past.proof(id));
    }
}
