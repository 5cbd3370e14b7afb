/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import java.util.function.Function;
import org.peerwire.Wire;
import org.peerwire.WireException;
import org.peerwire.message.Message;
import reactor.core.publisher.Mono;

/**
 * The work on each wire of a swarm, from its first message to its end.
 *
 * @param session the work of the user of the connections
 * @param exchange the exchange of peers
 */
record WireWork(Function<Wire, Mono<Void>> session, PeerExchange exchange) {

    /** Runs one wire, on subscription and before its first read. Never fails: the end of a wire has the reason. */
    Mono<Void> run(Roster.Member member) {
        Wire wire = member.wire();
        Mono<Void> ended = wire.onClose().onErrorComplete();
        Mono<Void> work = Mono.when(Mono.defer(() -> session.apply(wire)), exchange.run(wire), rejectHashes(wire))
                .onErrorComplete(WireException.class) // the end of the wire has the reason
                .doOnError(member::fail)
                .onErrorComplete()
                .takeUntilOther(ended)
                .then(Mono.defer(wire::close))
                .onErrorComplete(WireException.class);
        return Mono.when(work, ended).doFinally(signal -> wire.dispose());
    }

    /** Rejects requests for hashes of version 2, which we do not keep: the peer has those of version 1. */
    private static Mono<Void> rejectHashes(Wire wire) {
        return wire.inbound()
                .ofType(Message.HashRequest.class)
                .doOnNext(asked -> wire.outbound().tryEmit(new Message.HashReject(asked.range())))
                .then();
    }
}
