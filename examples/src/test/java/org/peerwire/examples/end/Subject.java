/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import io.netty.channel.ChannelOption;
import java.lang.ref.WeakReference;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.EncryptionKeys;
import org.peerwire.EncryptionPolicy;
import org.peerwire.Ignored;
import org.peerwire.LocalPeer;
import org.peerwire.PayloadMode;
import org.peerwire.Tolerance;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import org.peerwire.examples.end.Dimensions.Reading;
import org.peerwire.examples.end.Dimensions.Secrecy;
import org.peerwire.examples.end.Dimensions.Transport;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.resources.LoopResources;

/** Our side of one trial over a socket: a server for one peer, or a client that dials once. */
final class Subject {
    /** The time that an admission takes in {@link Dimensions.Answer#LATER}. */
    static final Duration LATER = Duration.ofMillis(50);

    /** Neither a timeout nor a failed write may end a wire that has missed the end of its connection. */
    static final Duration NO_RESCUE = Duration.ofMinutes(10);

    /** Small enough to be full soon, and large enough for TCP to go on at once when the peer reads again. */
    private static final int SMALL = 16 * 1024;

    final CountingTimers timers = new CountingTimers(Schedulers.parallel());
    final Attachments attachments = new Attachments(timers);
    private final Cell cell;
    private final LoopResources loops;
    private final LocalPeer self = attachments.peer();

    /** The admission, the handler and the dial count as open once they have been called. */
    private final Signals admission = new Signals();

    private final Signals handler = new Signals();
    private final Signals connect = new Signals();
    private volatile boolean admitting;
    private volatile boolean handling;
    private volatile boolean dialling;

    private volatile @Nullable Connection connection;
    private volatile @Nullable HandedOut handedOut;
    private volatile @Nullable DisposableServer server;
    private volatile @Nullable WireClient client;
    private WeakReference<Wire> wire = new WeakReference<>(null);

    Subject(Cell cell, LoopResources loops) {
        this.cell = cell;
        this.loops = loops;
    }

    private WireOptions options() {
        return optionsFor(cell, WireOptions.builder()).scheduler(timers).build();
    }

    static WireOptions.Builder optionsFor(Cell cell, WireOptions.Builder options) {
        options.payloadMode(PayloadMode.POOLED).stallTimeout(NO_RESCUE);
        if (cell.reading().isPaused()) {
            options.subscriberQueue(Reader.QUEUE);
        }
        if (cell.reading() == Reading.CROWDED) {
            allowFlood(options);
        }
        return options;
    }

    /** Lets a peer ask for more than it reads, and has the wire keep the answers instead of the socket. */
    private static void allowFlood(WireOptions.Builder options) {
        options.uploadBuffer(32 * 1024).limits(limits -> limits.tolerance(Ignored.EXCESS_REQUEST, Tolerance.UNLIMITED)
                .tolerance(Ignored.CHOKED_REQUEST, Tolerance.UNLIMITED)
                .tolerance(Ignored.REPEATED_REQUEST, Tolerance.UNLIMITED));
    }

    private EncryptionPolicy policy() {
        return cell.secrecy() == Secrecy.RC4 ? EncryptionPolicy.REQUIRE : EncryptionPolicy.PLAINTEXT_ONLY;
    }

    /** Binds a server for one peer. */
    InetSocketAddress listen() {
        DisposableServer bound = WireServer.create()
                .options(options())
                .encryption(policy(), EncryptionKeys.of(Attachments.TORRENT))
                .tcp(tcp -> tcp.runOn(loops, cell.transport() == Transport.EPOLL)
                        .host("127.0.0.1")
                        .port(0)
                        .childOption(ChannelOption.SO_SNDBUF, sendBuffer())
                        .doOnConnection(made -> connection = made))
                .admit((theirs, from) -> admit())
                .handle(this::handle)
                .bindNow();
        server = bound;
        return (InetSocketAddress) bound.address();
    }

    /** Dials the peer. */
    void dial(InetSocketAddress peer) {
        WireClient dialling = WireClient.create()
                .options(options())
                .encryption(policy())
                .tcp(tcp -> tcp.runOn(loops, cell.transport() == Transport.EPOLL)
                        .option(ChannelOption.SO_SNDBUF, sendBuffer())
                        .doOnConnected(made -> connection = made));
        client = dialling;
        this.dialling = true;
        dialling.connect(peer, self).doOnNext(this::opened).subscribe(connect);
    }

    private int sendBuffer() {
        return cell.reading() == Reading.CROWDED ? SMALL : 64 * 1024;
    }

    private Mono<LocalPeer> admit() {
        admitting = true;
        Mono<LocalPeer> answer =
                switch (cell.answer()) {
                    case AT_ONCE, NONE -> Mono.just(self);
                    case LATER -> Mono.delay(LATER).thenReturn(self);
                    case NEVER -> Mono.never();
                };
        return answer.doFinally(end -> admission.onComplete());
    }

    private Mono<Void> handle(Wire opened) {
        handling = true;
        opened(opened);
        return Mono.<Void>never().doFinally(end -> handler.onComplete());
    }

    private void opened(Wire opened) {
        wire = new WeakReference<>(opened);
        HandedOut taken = new HandedOut(opened, attachments);
        taken.take(cell.reading().isPaused());
        handedOut = taken;
    }

    @Nullable
    HandedOut handedOut() {
        return handedOut;
    }

    /** Returns true while the wire does not read from its socket: in a pause, after it has read 64 KiB ahead. */
    boolean isPaused() {
        Connection made = connection;
        return made != null && !made.channel().config().isAutoRead();
    }

    /** Returns the things that the end of the connection must have ended and has not. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        Connection made = connection;
        HandedOut taken = handedOut;
        if (made == null) {
            faults.add("no connection seen");
        } else if (taken != null && !taken.wire().isDisposed()) {
            return List.of("wire not disposed, connection " + (made.channel().isActive() ? "open" : "closed"));
        } else if (made.channel().isActive()) {
            faults.add("connection open");
        }
        open("admission", admitting, admission, faults);
        open("handler", handling, handler, faults);
        open("connect()", dialling, connect, faults);
        if (taken != null) {
            faults.addAll(taken.faults());
        }
        if (timers.pending() > 0) {
            faults.add("tasks scheduled: " + timers.pending());
        }
        return faults;
    }

    private static void open(String name, boolean begun, Signals signals, List<String> faults) {
        if (begun && signals.ends() != 1) {
            faults.add(name + (signals.ends() == 0 ? " open" : " ended " + signals.ends() + " times"));
        }
    }

    /** Drops the wire, so that only the library could still hold it. */
    void forget() {
        handedOut = null;
        connection = null;
    }

    boolean isWireHeld() {
        return wire.get() != null;
    }

    /** Ends everything that is left. */
    void dispose() {
        Wire left = wire.get();
        if (left != null) {
            left.dispose();
        }
        connect.cancel();
        Connection made = connection;
        if (made != null) {
            made.dispose();
        }
        DisposableServer bound = server;
        if (bound != null) {
            bound.dispose();
        }
        server = null;
        client = null;
        attachments.dispose();
    }
}
