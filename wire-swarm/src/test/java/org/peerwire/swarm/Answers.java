/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.peerwire.Wire;
import reactor.core.publisher.Mono;

/** The answers of a {@link Puppet} to requests: right, wrong, late or none. */
final class Answers {
    private Answers() {}

    /** Returns the right bytes. */
    static Puppet.Answer serve() {
        return ask -> Mono.fromSupplier(ask::bytes);
    }

    /** Returns bytes whose first is wrong. */
    static Puppet.Answer lie() {
        return ask -> Mono.fromSupplier(() -> {
            ByteBuf bytes = ask.bytes().copy();
            return bytes.setByte(0, ~bytes.getByte(0));
        });
    }

    /** Returns nothing, for ever. */
    static Puppet.Answer silence() {
        return ask -> Mono.never();
    }

    /** Rejects each request. */
    static Puppet.Answer reject() {
        return ask -> Mono.empty();
    }

    /** Rejects each request at a signal. */
    static Puppet.Answer rejectAt(Mono<Void> signal) {
        return ask -> signal.then(Mono.empty());
    }

    /** Returns the right bytes after a time. */
    static Puppet.Answer after(Duration time) {
        return ask -> Mono.delay(time, ask.world().net.clock()).map(tick -> ask.bytes());
    }

    /** Returns the right bytes of one request after another, a time after those of the one before. */
    static Puppet.Answer oneEach(Duration time) {
        return oneEach(ask -> time);
    }

    /** Returns the right bytes of one request after another, a time of its own after those of the one before. */
    static Puppet.Answer oneEach(Function<Puppet.Ask, Duration> time) {
        return ask -> Mono.defer(() -> {
            Puppet puppet = ask.puppet();
            puppet.free =
                    Math.max(puppet.free, ask.world().now()) + time.apply(ask).toMillis();
            return after(Duration.ofMillis(puppet.free - ask.world().now())).to(ask);
        });
    }

    /** Returns one answer to requests of a kind, and another to all others. */
    static Puppet.Answer when(Predicate<Puppet.Ask> kind, Puppet.Answer then, Puppet.Answer otherwise) {
        return ask -> kind.test(ask) ? then.to(ask) : otherwise.to(ask);
    }

    /** Returns wrong bytes of these pieces, and the right bytes of all others. */
    static Puppet.Answer lieAbout(Predicate<Integer> piece) {
        return when(ask -> piece.test(ask.block().piece()), lie(), serve());
    }

    /** Serves a number of requests of each wire, and then ends the wire at once. */
    static Puppet.Answer cutAfter(int requests) {
        return when(ask -> ask.number() <= requests, serve(), cut());
    }

    /** Serves a number of requests of each wire, and then closes the wire in order. */
    static Puppet.Answer closeAfter(int requests) {
        return when(ask -> ask.number() <= requests, serve(), ask -> {
            ask.wire().close().subscribe();
            return Mono.empty();
        });
    }

    /** Ends the wire at once. */
    static Puppet.Answer cut() {
        return ask -> Mono.defer(() -> {
            Wire wire = ask.wire();
            ask.world().net.clock().schedule(wire::dispose);
            return Mono.never();
        });
    }

    /** Sends the block, and cuts the host from the network when half of it has left. */
    static Puppet.Answer dieInBlock(long bytesPerSecond) {
        return ask -> {
            long half = ask.block().length() * 1_000L / bytesPerSecond / 2;
            ask.world()
                    .net
                    .clock()
                    .schedule(() -> ask.world().net.cut(ask.puppet().address), half, TimeUnit.MILLISECONDS);
            return serve().to(ask);
        };
    }

    /** Serves all blocks but the last one of each piece, which never comes. */
    static Puppet.Answer allButTheLast() {
        return when(Puppet.Ask::isLastOfPiece, silence(), serve());
    }
}
