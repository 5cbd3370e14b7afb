/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.peerwire.pex.Peers.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.test.WirePair;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A peer at the other end of a real wire that sends any message, and the events on our end. */
final class HostilePeer implements AutoCloseable {
    /** The default address of the peer. */
    static final String PUBLIC = "81.2.69.142:6881";

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final UtPex ours;
    final WirePair pair;
    private final List<PeerEvent> events = new ArrayList<>();
    private final List<PexMessage> told = new ArrayList<>();
    private @Nullable Throwable failure;

    /** Creates a peer at a public address, with the default limits. */
    HostilePeer() {
        this(PUBLIC, options -> options, UtPex::events);
    }

    HostilePeer(String address, UnaryOperator<PexOptions.Builder> options, Function<Wire, Flux<PeerEvent>> listening) {
        ours = UtPex.create(options.apply(PexOptions.builder().scheduler(time)).build());
        pair = WirePair.builder(
                        Wires.self(PexOptions.defaults()),
                        LocalPeer.of(Wires.HASH, PeerId.random()).withExtension(ours))
                .clock(time)
                .addresses(peer(address), Wires.SELF)
                .onResponder(wire -> listening.apply(wire).subscribe(events::add, error -> failure = error))
                .onInitiator(wire -> wire.extension(UtPex.NAME)
                        .inbound()
                        .map(payload -> PexMessage.decode(payload, Integer.MAX_VALUE, Integer.MAX_VALUE, kind -> {}))
                        .subscribe(told::add))
                .open();
    }

    /** Sends a message and returns the events that it causes. */
    List<PeerEvent> say(PexMessage message) {
        return say(message.encode());
    }

    List<PeerEvent> say(String payload) {
        return say(Unpooled.copiedBuffer(payload, StandardCharsets.ISO_8859_1));
    }

    List<PeerEvent> say(ByteBuf payload) {
        events.clear();
        pair.initiator().extension(UtPex.NAME).send(payload).subscribe();
        return List.copyOf(events);
    }

    /** Returns the messages that our end has sent so far. */
    List<PexMessage> told() {
        return List.copyOf(told);
    }

    void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    /** Returns the counters of the extension. */
    Map<PexIgnored, Long> ignored() {
        return ours.ignored();
    }

    /** Returns the error that ended the events, or null. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    boolean isClosed() {
        return pair.responder().isDisposed();
    }

    @Override
    public void close() {
        pair.dispose();
    }
}
