/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.UtMetadata;
import org.peerwire.pex.UtHolepunch;
import org.peerwire.pex.UtPex;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The publishers that one wire has handed out, and their signals. */
final class HandedOut {
    private final Wire wire;
    private final Attachments attachments;
    private final Map<String, Signals> publishers = new ConcurrentSkipListMap<>();
    private final Map<String, Disposable> memberships = new ConcurrentHashMap<>();
    private volatile @Nullable Reader reader;

    HandedOut(Wire wire, Attachments attachments) {
        this.wire = wire;
        this.attachments = attachments;
    }

    Wire wire() {
        return wire;
    }

    Reader reader() {
        Reader known = reader;
        if (known == null) {
            throw new IllegalStateException("nothing was handed out");
        }
        return known;
    }

    /** Subscribes to everything a user can have of a wire, in the operator that emits it. */
    void take(boolean paused) {
        Reader first = new Reader(paused);
        reader = first;
        wire.inbound().subscribe(first);
        wire.outbound().tryEmit(new Message.Unchoke());
        takeAll("");
        if (!paused) {
            countReader();
            fetchMetadata("");
        }
    }

    /** Subscribes to everything once more after the end, as a user on another thread may do. */
    void takeLate() {
        watch("inbound() taken late", wire.inbound());
        takeAll(" taken late");
        fetchMetadata(" taken late");
    }

    private void takeAll(String when) {
        watch("onClose()" + when, wire.onClose());
        watch("states()" + when, wire.states());
        watch("extendedHandshakes()" + when, wire.extendedHandshakes());
        watch("extendedHandshake()" + when, wire.extendedHandshake());
        watch(
                "extension.inbound()" + when,
                wire.extension(Attachments.EXTENSION).inbound());
        watch("extension.send()" + when, afterHandshake(() -> wire.extension(Attachments.EXTENSION)
                .send(payload())));
        watch("announce()" + when, wire.announce(PieceSet.all(Words.SHAPE.pieceCount())));
        watch("send(publisher)" + when, wire.outbound().send(Flux.<Message>never()));
        watch("send(message)" + when, wire.outbound().send(new Message.Interested()));
        takeBlocks(when);
        takeMetadata(when);
        takePeers(when);
    }

    private void takeBlocks(String when) {
        watch("serve()" + when, wire.blocks().serve(request -> Mono.never()));
        watch(
                "request()" + when,
                wire.states().filter(state -> !state.peerChoking()).next().flatMap(state -> wire.blocks()
                        .request(Words.block(0))));
        Flux<BlockRequest> some = Flux.range(1, 3).map(Words::block);
        watch("download(some)" + when, wire.blocks().download(some));
        watch("download(never)" + when, wire.blocks().download(Flux.never()));
    }

    private void takeMetadata(String when) {
        watch("UtMetadata.serve()" + when, attachments.metadata.serve(wire, attachments.metadataOptions));
    }

    /**
     * Sends a request now and then. Not for a paused wire, which could learn from a failed write that its peer is gone.
     */
    void fetchMetadata(String when) {
        watch("UtMetadata.fetch()" + when, UtMetadata.fetch(wire, attachments.metadataOptions));
    }

    private void takePeers(String when) {
        watch("UtPex.events()" + when, UtPex.events(wire));
        watch("UtPex.announce()" + when, UtPex.announce(wire, attachments.others()));
        watch("UtHolepunch.connects()" + when, UtHolepunch.connects(wire));
        watch(
                "UtHolepunch.rendezvous()" + when,
                afterHandshake(() -> UtHolepunch.rendezvous(wire, Attachments.SOMEBODY)));
        memberships.put("PexSwarm.join()" + when, attachments.swarm.join(wire));
        memberships.put("HolepunchRelay.join()" + when, attachments.relay.join(wire));
    }

    /** Runs an action after the peer has listed its extensions, because it fails at once before that. */
    private Mono<Void> afterHandshake(Supplier<Mono<Void>> action) {
        return wire.extendedHandshake().then(Mono.defer(action));
    }

    private static ByteBuf payload() {
        return Unpooled.buffer(4).writeInt(1);
    }

    void watch(String name, Publisher<?> publisher) {
        Signals signals = new Signals();
        publishers.put(name, signals);
        publisher.subscribe(signals);
    }

    /** Expects the subscription of {@code inbound()} to end, which it must once its subscriber requests everything. */
    void countReader() {
        publishers.put("inbound()", reader());
    }

    /** Returns the publishers that are open or have ended twice, and other things the wire has left. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        if (!wire.isDisposed()) {
            faults.add("wire not disposed");
        }
        publishers.forEach((name, signals) -> {
            if (signals.ends() != 1) {
                faults.add(name + (signals.ends() == 0 ? " open" : " ended " + signals.ends() + " times"));
            }
        });
        memberships.forEach((name, membership) -> {
            if (!membership.isDisposed()) {
                faults.add(name + " open");
            }
        });
        if (!attachments.members().isEmpty()) {
            faults.add("the peer is still a member of the PexSwarm");
        }
        return faults;
    }
}
