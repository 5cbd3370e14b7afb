/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.peerwire.EncryptionKeys;
import org.peerwire.EncryptionPolicy;
import org.peerwire.LocalPeer;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Two wires that talk to each other in memory: everything happens on the calling thread, before the call that caused it
 * returns, and time passes only when {@link #advance} says so. The wires run over Reactor Netty's own operations, so what is
 * tested is what runs.
 *
 * <pre>{@code
 * WirePair pair = WirePair.builder(leech, seed).delay(Duration.ofMillis(50)).open();
 * pair.initiator().outbound().tryEmit(new Message.Interested());
 * pair.advance(Duration.ofMillis(50)); // now the seed has it
 * pair.toInitiator().fault(Fault.drop()); // and from here on the leech hears nothing
 * }</pre>
 */
public final class WirePair implements Disposable {
    private final VirtualTimeScheduler clock;
    private final MemoryChannel initiatorEnd;
    private final MemoryChannel responderEnd;
    private final Wire initiator;
    private final Wire responder;

    private WirePair(
            VirtualTimeScheduler clock,
            MemoryChannel initiatorEnd,
            MemoryChannel responderEnd,
            Wire initiator,
            Wire responder) {
        this.clock = clock;
        this.initiatorEnd = initiatorEnd;
        this.responderEnd = responderEnd;
        this.initiator = initiator;
        this.responder = responder;
    }

    /** Two peers with the default options. */
    public static WirePair open(LocalPeer initiator, LocalPeer responder) {
        return builder(initiator, responder).open();
    }

    /** A pair that is set up before it is opened. */
    public static Builder builder(LocalPeer initiator, LocalPeer responder) {
        return new Builder(initiator, responder);
    }

    /** The wire that dialled. */
    public Wire initiator() {
        return initiator;
    }

    /** The wire that was dialled. */
    public Wire responder() {
        return responder;
    }

    /** The clock of both wires; give it to what else has to wait with them. */
    public VirtualTimeScheduler clock() {
        return clock;
    }

    /** Lets time pass, and everything happen that is due. */
    public WirePair advance(Duration time) {
        clock.advanceTimeBy(time);
        return this;
    }

    /** Breaks the connection: both wires see a reset. */
    public void cut() {
        initiatorEnd.reset();
    }

    /** The way from the responder to the initiator: delay, bandwidth, faults, half-close. */
    public Line toInitiator() {
        return initiatorEnd.in();
    }

    /** The way from the initiator to the responder: delay, bandwidth, faults, half-close. */
    public Line toResponder() {
        return responderEnd.in();
    }

    /** Closes both wires. */
    @Override
    public void dispose() {
        initiator.dispose();
        responder.dispose();
        initiatorEnd.runPendingTasks();
        responderEnd.runPendingTasks();
    }

    /** Sets up a pair. */
    public static final class Builder {
        private static final Duration MOMENT = Duration.ofMillis(1);

        private final LocalPeer initiator;
        private final LocalPeer responder;
        private VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        private UnaryOperator<WireOptions.Builder> initiatorOptions = UnaryOperator.identity();
        private UnaryOperator<WireOptions.Builder> responderOptions = UnaryOperator.identity();
        private EncryptionPolicy dialling = EncryptionPolicy.PLAINTEXT_ONLY;
        private EncryptionPolicy accepting = EncryptionPolicy.PLAINTEXT_ONLY;
        private Consumer<Wire> onInitiator = wire -> {};
        private Consumer<Wire> onResponder = wire -> {};
        private Duration delay = Duration.ZERO;
        private long bandwidth = Long.MAX_VALUE;
        private InetSocketAddress initiatorAddress = new InetSocketAddress("192.0.2.1", 50_001);
        private InetSocketAddress responderAddress = new InetSocketAddress("192.0.2.2", 6881);

        private Builder(LocalPeer initiator, LocalPeer responder) {
            this.initiator = initiator;
            this.responder = responder;
        }

        /** A clock that is shared with something else. */
        public Builder clock(VirtualTimeScheduler clock) {
            this.clock = clock;
            return this;
        }

        /** Options of both wires; the scheduler is the pair's. */
        public Builder options(UnaryOperator<WireOptions.Builder> options) {
            initiatorOptions = options;
            responderOptions = options;
            return this;
        }

        /** Options of the wire that dials. */
        public Builder initiatorOptions(UnaryOperator<WireOptions.Builder> options) {
            initiatorOptions = options;
            return this;
        }

        /** Options of the wire that is dialled. */
        public Builder responderOptions(UnaryOperator<WireOptions.Builder> options) {
            responderOptions = options;
            return this;
        }

        /** Whether the two encrypt, of which there is nothing unless told otherwise; only the first way of each is tried. */
        public Builder encryption(EncryptionPolicy dialling, EncryptionPolicy accepting) {
            this.dialling = dialling;
            this.accepting = accepting;
            return this;
        }

        /** Where the two are; the responder's is what was dialled. */
        public Builder addresses(InetSocketAddress initiator, InetSocketAddress responder) {
            initiatorAddress = initiator;
            responderAddress = responder;
            return this;
        }

        /** How long everything travels, each way; {@link Line#delay} changes one of them later. */
        public Builder delay(Duration delay) {
            this.delay = delay;
            return this;
        }

        /** How many bytes arrive in a second, each way; {@link Line#bandwidth} changes one of them later. */
        public Builder bandwidth(long bytesPerSecond) {
            this.bandwidth = bytesPerSecond;
            return this;
        }

        /** Called with the wire before it reads its first message: what subscribes here misses none. */
        public Builder onInitiator(Consumer<Wire> user) {
            onInitiator = user;
            return this;
        }

        /** Called with the wire before it reads its first message: what subscribes here misses none. */
        public Builder onResponder(Consumer<Wire> user) {
            onResponder = user;
            return this;
        }

        /** Connects the two, and returns when both have handshaken: if that takes time, the clock goes on until then. */
        public WirePair open() {
            MemoryChannel a = MemoryChannel.withReactorNetty(initiatorAddress, responderAddress);
            MemoryChannel b = MemoryChannel.withReactorNetty(responderAddress, initiatorAddress);
            MemoryChannel.connect(a, b, clock);
            a.in().delay(delay).bandwidth(bandwidth);
            b.in().delay(delay).bandwidth(bandwidth);
            AtomicReference<@Nullable Wire> dialled = new AtomicReference<>();
            AtomicReference<@Nullable Wire> accepted = new AtomicReference<>();
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            WireServer.create()
                    .options(withClock(responderOptions))
                    .encryption(accepting, EncryptionKeys.of(responder.infoHash()))
                    .admit((theirs, from) -> Mono.just(responder))
                    .over(b.connection())
                    .doOnNext(onResponder)
                    .subscribe(accepted::set, error -> failure.compareAndSet(null, error));
            WireClient.create()
                    .options(withClock(initiatorOptions))
                    .encryption(dialling)
                    .over(a.connection(), initiator)
                    .doOnNext(onInitiator)
                    .subscribe(dialled::set, error -> failure.compareAndSet(null, error));
            while ((dialled.get() == null || accepted.get() == null)
                    && failure.get() == null
                    && (a.in().isTravelling() || b.in().isTravelling())) {
                clock.advanceTimeBy(MOMENT);
            }
            Wire wireA = dialled.get();
            Wire wireB = accepted.get();
            if (wireA == null || wireB == null) {
                throw new IllegalStateException("the two did not agree on a wire", failure.get());
            }
            return new WirePair(clock, a, b, wireA, wireB);
        }

        private WireOptions withClock(UnaryOperator<WireOptions.Builder> change) {
            return change.apply(WireOptions.builder())
                    .scheduler(clock)
                    .encryptionScheduler(Schedulers.immediate())
                    .build();
        }
    }
}
