/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import org.peerwire.Features;
import org.peerwire.Wire;
import org.peerwire.pex.PeerEvent;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A source of addresses that needs to know the swarm, such as a tracker, which is told how much is left. Thread-safe.
 *
 * <p>A private torrent (BEP 27) does not use a source that is not {@linkplain PeerSource#isTrusted() trusted}. The
 * torrent of a magnet link counts as public until its metadata is known; then such a source is cancelled.
 */
public interface Discovery {

    /** Returns the origin of the addresses. */
    PeerSource source();

    /**
     * Returns the addresses for a swarm. Subscribed when the swarm starts, cancelled at its end.
     *
     * @return a publisher that may signal on any thread. Its failure is an event of the swarm
     */
    Publisher<? extends PeerEvent> peers(Swarm swarm);

    /** Returns the feature bits that this source adds to each handshake. Default: none. */
    default Features features() {
        return Features.NONE;
    }

    /**
     * Works on each wire, for a source that learns from wires or tells them something.
     *
     * @return a publisher, subscribed on the event loop of the wire before its first message is applied. Its end or its
     *     failure does not end the wire. The default completes at once
     */
    default Publisher<Void> handle(Wire wire) {
        return Mono.empty();
    }

    /** Returns a source that has nothing to ask the swarm. */
    static Discovery of(PeerSource source, Publisher<? extends PeerEvent> peers) {
        return new Discovery() {
            @Override
            public PeerSource source() {
                return source;
            }

            @Override
            public Publisher<? extends PeerEvent> peers(Swarm swarm) {
                return Flux.from(peers);
            }
        };
    }
}
