/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.peerwire.EncryptionPolicy;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireOptions;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.SwarmOptions;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.channel.ChannelOperations;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A swarm under virtual time whose dials go to a function. By default each is refused after 100 ms. */
final class DialWorld implements Disposable {
    static final InfoHash TORRENT = InfoHash.parse("01".repeat(20));
    static final PeerId US = id("us");

    final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    final List<Dial> dials = new ArrayList<>();
    final List<SwarmEvent> events = new ArrayList<>();
    final List<Wire> served = new ArrayList<>();
    final Disposable.Composite open = Disposables.composite();
    Function<InetSocketAddress, Mono<Connection>> network = to -> refused();
    Connections.Session session = wire -> {
        served.add(wire);
        return Mono.never();
    };

    /** The dials that are under way, and their highest number. */
    int dialling;

    int mostDialling;

    /** A dial and its time in milliseconds. */
    record Dial(long at, InetSocketAddress to) {}

    static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    static PeerId id(String name) {
        return PeerId.parse("-SP0001-" + "%12s".formatted(name).replace(' ', '0'));
    }

    HostSettings settings() {
        WireOptions options = HostSettings.DEFAULT
                .options
                .mutate()
                .scheduler(clock)
                .encryptionScheduler(Schedulers.immediate())
                .build();
        return HostSettings.DEFAULT.with(s -> {
            s.options = options;
            s.encryption = EncryptionPolicy.PLAINTEXT_ONLY;
            s.client = client -> client.connections(this::connect);
        });
    }

    Connections connections(SwarmOptions options) {
        return connections(options, new HostState(settings()));
    }

    Connections connections(SwarmOptions options, HostState host) {
        Connections created = new Connections(
                new SwarmLoop(clock),
                host,
                options,
                new Random(1),
                InfoHashes.of(TORRENT),
                port -> LocalPeer.of(TORRENT, US),
                wire -> session.run(wire),
                events::add);
        open.add(() -> created.close(Duration.ZERO).subscribe());
        return created;
    }

    long now() {
        return clock.now(TimeUnit.MILLISECONDS);
    }

    void advance(Duration time) {
        clock.advanceTimeBy(time);
    }

    <T extends SwarmEvent> List<T> seen(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private Mono<Connection> connect(SocketAddress to) {
        InetSocketAddress address = (InetSocketAddress) to;
        return Mono.defer(() -> {
            dials.add(new Dial(now(), address));
            dialling++;
            mostDialling = Math.max(mostDialling, dialling);
            return network.apply(address).doFinally(end -> dialling--);
        });
    }

    private Mono<Connection> refused() {
        return Mono.delay(Duration.ofMillis(100), clock)
                .flatMap(tick -> Mono.error(new ConnectException("Connection refused")));
    }

    /** Returns a connection to a peer that answers the handshake after 10 ms, and closes after a time. */
    Mono<Connection> answered(InetSocketAddress address, PeerId peer, Duration life) {
        return Mono.fromCallable(() -> {
            Peer channel = new Peer(address);
            clock.schedule(() -> channel.answer(peer), 10, TimeUnit.MILLISECONDS);
            open.add(clock.schedulePeriodically(channel::keepAlive, 60, 60, TimeUnit.SECONDS));
            open.add(clock.schedule(channel::end, 10 + life.toMillis(), TimeUnit.MILLISECONDS));
            open.add(channel::end);
            return Connection.from(channel);
        });
    }

    @Override
    public void dispose() {
        open.dispose();
        advance(Duration.ofSeconds(5));
    }

    @Override
    public boolean isDisposed() {
        return open.isDisposed();
    }

    /** The end of a connection whose other end discards all that it gets. */
    private static final class Peer extends EmbeddedChannel {
        private final InetSocketAddress address;

        Peer(InetSocketAddress address) {
            super(new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel channel) {
                    ChannelOperations.addReactiveBridge(
                            channel,
                            (connection, listener, message) -> new ChannelOperations<>(connection, listener),
                            ConnectionObserver.emptyListener());
                }
            });
            this.address = address;
        }

        void answer(PeerId peer) {
            ByteBuf bytes = Unpooled.buffer(Handshake.LENGTH);
            new Handshake(Features.DEFAULT, TORRENT, peer).writeTo(bytes);
            if (isOpen()) {
                writeInbound(bytes);
            } else {
                bytes.release();
            }
        }

        void keepAlive() {
            if (isOpen()) {
                writeInbound(Unpooled.buffer().writeInt(0));
            }
        }

        void end() {
            close();
            runPendingTasks();
        }

        @Override
        protected void handleOutboundMessage(Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        protected SocketAddress remoteAddress0() {
            return address;
        }
    }
}
