/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import org.peerwire.swarm.SwarmHost;
import reactor.core.publisher.Mono;

/**
 * The port of a command and its sources of peers, which the swarms of all its torrents share.
 *
 * @param host the host of the swarms
 * @param sources the sources of peers
 */
record Network(SwarmHost host, Sources sources) {

    /** Closes both on subscription. */
    Mono<Void> close() {
        return sources.close().then(host.close());
    }
}
