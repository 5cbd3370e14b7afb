/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.EncryptionPolicy;
import org.peerwire.Features;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.pex.PeerEvent;
import org.peerwire.pex.PexOptions;
import org.peerwire.pex.UtPex;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;

/**
 * A peer with real wires that answers each request as a test says. By default it announces all pieces, unchokes each
 * peer that is interested, and serves; it allows no piece to a choked peer. All settings may change at any time; those
 * of a wire apply to later ones.
 */
final class Puppet {
    private static final int LARGE_BUFFER = 64 * 1024 * 1024;

    private final World world;
    private final WireOptions options;
    private final Set<Wire> open = new LinkedHashSet<>();
    final InetSocketAddress address;
    final PeerId id;

    private Answer answer = Answers.serve();
    private Features features = Features.DEFAULT;
    private PieceSet pieces;
    private Duration flapping = Duration.ZERO;
    private boolean atOnce;
    private boolean cutting;
    private Duration hesitation = Duration.ZERO;
    private boolean unchokes = true;
    private boolean answersHandshakes = true;
    private @Nullable Flux<PeerEvent> told;
    private Duration comeback = Duration.ZERO;

    /** A signal for {@link Answers#rejectAt}. */
    final Sinks.Empty<Void> rejection = Sinks.empty();

    /** The number of times that each block was requested. */
    final Map<BlockRequest, Integer> requested = new LinkedHashMap<>();

    /** The peers of which it was told. */
    final Set<InetSocketAddress> heardOf = new LinkedHashSet<>();

    /** The blocks whose requests were cancelled. */
    final Set<BlockRequest> cancelled = new LinkedHashSet<>();

    /** The blocks that were requested, and neither sent nor cancelled. */
    final Set<BlockRequest> waiting = new LinkedHashSet<>();

    /** The virtual time in milliseconds of the latest answer of {@link Answers#oneEach}. */
    long free;

    /** The number of messages of each kind, and of wires, since the beginning. */
    long requests;

    long cancels;
    long messages;
    long wires;

    /** The number of its own dials. */
    long dials;

    /** The number of answers with bytes. */
    long served;

    /** The virtual time in milliseconds of the latest request, or -1. */
    long lastRequest = -1;

    /** A request. Its answer may be empty, which rejects it, or never come. */
    record Ask(Puppet puppet, Wire wire, BlockRequest block, int number) {
        /** Returns the right bytes. */
        ByteBuf bytes() {
            return TestSeeds.block(puppet.world.torrent, puppet.world.content, block);
        }

        World world() {
            return puppet.world;
        }

        /** Returns true for the last block of its piece. */
        boolean isLastOfPiece() {
            return block.end() == puppet.world.torrent.shape().pieceLength(block.piece());
        }
    }

    /** Returns the answer to a request. The number of the request counts those of its wire from 1. */
    interface Answer {
        Mono<ByteBuf> to(Ask ask);
    }

    Puppet(World world, InetSocketAddress address) {
        this.world = world;
        this.address = address;
        this.id = world.net.peerId();
        this.options = world.net
                .options()
                .mutate()
                .uploadBuffer(LARGE_BUFFER)
                .allowedFastPieces(0)
                .build();
        this.pieces = PieceSet.all(world.torrent.pieceCount());
        world.net.listen(address, this::accept);
    }

    // ---- what it does ----

    /** Sets the answer to each request. */
    Puppet answer(Answer to) {
        answer = to;
        return this;
    }

    /** Sets the announced pieces. */
    Puppet announces(int... indices) {
        pieces = PieceSet.of(world.torrent.pieceCount(), indices);
        return this;
    }

    /** Sets that it never answers a handshake. */
    Puppet neverAnswersHandshakes() {
        answersHandshakes = false;
        return this;
    }

    /** Sets that it exchanges peers, and tells of these (BEP 11). */
    Puppet tells(Flux<PeerEvent> peers) {
        told = peers;
        return this;
    }

    /** Sets that it announces its pieces a time after the handshake. */
    Puppet hesitates(Duration time) {
        hesitation = time;
        return this;
    }

    /** Sets the features of its handshake. */
    Puppet features(Features of) {
        features = of;
        return this;
    }

    /** Sets that it never unchokes by itself. */
    Puppet neverUnchokes() {
        unchokes = false;
        return this;
    }

    /** Sets that it unchokes and chokes in turn, each time after this time. */
    Puppet flaps(Duration every) {
        flapping = every;
        return this;
    }

    /** Sets that it chokes and unchokes at the same time, each time after this time. */
    Puppet flapsAtOnce(Duration every) {
        flapping = every;
        atOnce = true;
        return this;
    }

    /** Sets that it ends each wire after the handshake. */
    Puppet cutsAtOnce() {
        cutting = true;
        return this;
    }

    /** Sets that it dials again a time after the end of a wire that it has dialled. */
    Puppet comesBack(Duration after) {
        comeback = after;
        return this;
    }

    /** Sends a message on each open wire. */
    void send(Message message) {
        List.copyOf(open).forEach(wire -> wire.outbound().tryEmit(message));
    }

    /** Closes each open wire at once. */
    void cut() {
        List.copyOf(open).forEach(Wire::dispose);
    }

    /** Dials a swarm. */
    void dial(InetSocketAddress to) {
        dials++;
        world.net
                .client(address)
                .options(options)
                .encryption(EncryptionPolicy.PLAINTEXT_ONLY)
                .connect(to, self())
                .subscribe(
                        wire -> {
                            use(wire);
                            wire.onClose().onErrorComplete().subscribe(null, null, () -> dialAgain(to));
                        },
                        failure -> dialAgain(to));
    }

    private void dialAgain(InetSocketAddress to) {
        if (!comeback.isZero()) {
            world.net.clock().schedule(() -> dial(to), comeback.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    // ---- its wires ----

    /** Returns the number of open wires. */
    int open() {
        return open.size();
    }

    private LocalPeer self() {
        TorrentShape shape = world.torrent.shape();
        LocalPeer self = LocalPeer.of(world.torrent.hashes().wire(), id)
                .withListenPort(address.getPort())
                .withFeatures(features);
        if (told == null) {
            return self.withShape(shape);
        }
        // it exchanges peers although the torrent is private
        PexOptions pex = PexOptions.builder().scheduler(world.net.clock()).build();
        return self.withShape(TorrentShape.of(shape.length(), shape.pieceLength()))
                .withExtension(UtPex.create(pex));
    }

    private void accept(Connection connection) {
        WireServer.create()
                .options(options)
                .admit((theirs, from) -> answersHandshakes ? Mono.just(self()) : Mono.never())
                .over(connection)
                .subscribe(this::use, failure -> {});
    }

    private void use(Wire wire) {
        wires++;
        if (cutting) {
            wire.dispose();
            return;
        }
        open.add(wire);
        wire.onClose().onErrorComplete().subscribe(null, null, () -> open.remove(wire));
        wire.inbound().subscribe(this::heard, failure -> {});
        Flux<PeerEvent> peers = told;
        if (peers != null) {
            UtPex.announce(wire, peers).subscribe(null, failure -> {});
            UtPex.events(wire).subscribe(event -> heardOf.add(event.peer()), failure -> {});
        }
        announce(wire).subscribe(null, failure -> {});
        int[] number = {0};
        wire.blocks()
                .serve(request -> Mono.defer(() -> answer.to(new Ask(this, wire, request, ++number[0])))
                        .doOnNext(bytes -> {
                            served++;
                            waiting.remove(request);
                        }))
                .subscribe(null, failure -> {});
        if (!flapping.isZero()) {
            Flux.interval(Duration.ZERO, flapping, world.net.clock())
                    .takeUntilOther(wire.onClose().onErrorComplete())
                    .subscribe(tick -> flap(wire, tick));
        } else if (unchokes) {
            wire.states().filter(state -> state.peerInterested()).take(1).subscribe(state -> wire.outbound()
                    .tryEmit(new Message.Unchoke()));
        }
    }

    private Mono<Void> announce(Wire wire) {
        return hesitation.isZero()
                ? wire.announce(pieces)
                : Mono.delay(hesitation, world.net.clock()).then(wire.announce(pieces));
    }

    private void flap(Wire wire, long tick) {
        if (tick % 2 == 1 || (atOnce && tick > 0)) {
            wire.outbound().tryEmit(new Message.Choke());
        }
        if (tick % 2 == 0 || atOnce) {
            wire.outbound().tryEmit(new Message.Unchoke());
        }
    }

    private void heard(Message message) {
        messages++;
        if (message instanceof Message.Request request) {
            requests++;
            requested.merge(request.block(), 1, Integer::sum);
            waiting.add(request.block());
            lastRequest = world.now();
        } else if (message instanceof Message.Cancel cancel) {
            cancels++;
            cancelled.add(cancel.block());
            waiting.remove(cancel.block());
        }
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
