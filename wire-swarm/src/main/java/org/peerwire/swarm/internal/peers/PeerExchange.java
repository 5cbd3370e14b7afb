/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import java.net.InetSocketAddress;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.Wire;
import org.peerwire.pex.PeerEvent;
import org.peerwire.pex.PexOptions;
import org.peerwire.pex.PexSwarm;
import org.peerwire.pex.UtPex;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The peer exchange of one torrent (BEP 11), unless it is off. */
final class PeerExchange implements Disposable {
    private final @Nullable PexSwarm pex;
    private final InfoHash infoHash;
    private final SwarmLoop loop;
    private final BiConsumer<InetSocketAddress, PeerEvent> heard;

    /**
     * Creates an exchange without wires.
     *
     * @param options the options, or null to exchange no peers; their clock is replaced by that of the wires
     * @param infoHash the hash of the wires that are announced to each other
     * @param heard called on the swarm's thread for each peer that another has told
     */
    PeerExchange(
            @Nullable PexOptions options,
            Scheduler clock,
            InfoHash infoHash,
            SwarmLoop loop,
            BiConsumer<InetSocketAddress, PeerEvent> heard) {
        this.pex = options == null
                ? null
                : PexSwarm.create(options.mutate().scheduler(clock).build());
        this.infoHash = infoHash;
        this.loop = loop;
        this.heard = heard;
    }

    /**
     * Exchanges peers on a wire that has the extension, on subscription. Completes with the wire. Never fails: a
     * violation closes the wire, which has the reason.
     */
    Mono<Void> run(Wire wire) {
        return Mono.defer(() -> {
            PexSwarm swarm = pex;
            boolean spoken = wire.local().extensions().stream().anyMatch(UtPex.class::isInstance);
            if (swarm == null || swarm.isDisposed() || !spoken) {
                return Mono.empty();
            }
            if (wire.local().infoHash().equals(infoHash)) { // not of a hybrid that was dialled by its other hash
                swarm.join(wire);
            }
            return UtPex.events(wire)
                    .publishOn(loop)
                    .doOnNext(news -> heard.accept(Addresses.of(wire), news))
                    .onErrorComplete()
                    .then();
        });
    }

    /** Removes all wires, which stay open. */
    @Override
    public void dispose() {
        if (pex != null) {
            pex.dispose();
        }
    }

    @Override
    public boolean isDisposed() {
        return pex == null || pex.isDisposed();
    }
}
