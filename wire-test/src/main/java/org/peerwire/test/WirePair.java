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
 * Two wires that are connected in memory. All work happens on the calling thread and during the call that causes it.
 * Time passes only with {@link #advance}. The wires run over Reactor Netty's operations, the same code as over TCP.
 *
 * <pre>{@code
 * WirePair pair = WirePair.builder(leech, seed).delay(Duration.ofMillis(50)).open();
 * pair.initiator().outbound().tryEmit(new Message.Interested());
 * pair.advance(Duration.ofMillis(50)); // now the seed has the message
 * pair.toInitiator().fault(Fault.drop()); // from now on nothing reaches the leech
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

    /** Opens a pair of wires with the default options. */
    public static WirePair open(LocalPeer initiator, LocalPeer responder) {
        return builder(initiator, responder).open();
    }

    /** Returns a builder of a pair. */
    public static Builder builder(LocalPeer initiator, LocalPeer responder) {
        return new Builder(initiator, responder);
    }

    /** Returns the wire that dialled. */
    public Wire initiator() {
        return initiator;
    }

    /** Returns the wire that was dialled. */
    public Wire responder() {
        return responder;
    }

    /** Returns the clock of both wires. Pass it to other code that must run on the same clock. */
    public VirtualTimeScheduler clock() {
        return clock;
    }

    /** Advances the clock, and runs all tasks that are due. */
    public WirePair advance(Duration time) {
        clock.advanceTimeBy(time);
        return this;
    }

    /** Breaks the connection; both wires see a reset. */
    public void cut() {
        initiatorEnd.reset();
    }

    /** Returns the line from the responder to the initiator. */
    public Line toInitiator() {
        return initiatorEnd.in();
    }

    /** Returns the line from the initiator to the responder. */
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

    /** A builder of a pair. */
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

        /** Sets the clock of the pair. Default: a new clock. */
        public Builder clock(VirtualTimeScheduler clock) {
            this.clock = clock;
            return this;
        }

        /** Changes the options of both wires. The scheduler is always the clock of the pair. */
        public Builder options(UnaryOperator<WireOptions.Builder> options) {
            initiatorOptions = options;
            responderOptions = options;
            return this;
        }

        /** Changes the options of the wire that dials. */
        public Builder initiatorOptions(UnaryOperator<WireOptions.Builder> options) {
            initiatorOptions = options;
            return this;
        }

        /** Changes the options of the wire that is dialled. */
        public Builder responderOptions(UnaryOperator<WireOptions.Builder> options) {
            responderOptions = options;
            return this;
        }

        /** Sets the encryption policies. Default: plaintext. Only the first method of each policy is tried. */
        public Builder encryption(EncryptionPolicy dialling, EncryptionPolicy accepting) {
            this.dialling = dialling;
            this.accepting = accepting;
            return this;
        }

        /** Sets the addresses. The initiator dials the address of the responder. */
        public Builder addresses(InetSocketAddress initiator, InetSocketAddress responder) {
            initiatorAddress = initiator;
            responderAddress = responder;
            return this;
        }

        /** Sets the delay of both lines. Default: zero. {@link Line#delay} changes one line later. */
        public Builder delay(Duration delay) {
            this.delay = delay;
            return this;
        }

        /**
         * Sets the bytes per second of both lines. Default: no limit. {@link Line#bandwidth} changes one line later.
         */
        public Builder bandwidth(long bytesPerSecond) {
            this.bandwidth = bytesPerSecond;
            return this;
        }

        /** Sets a callback that gets the initiator before its first read. A subscription there misses no message. */
        public Builder onInitiator(Consumer<Wire> user) {
            onInitiator = user;
            return this;
        }

        /** Sets a callback that gets the responder before its first read. A subscription there misses no message. */
        public Builder onResponder(Consumer<Wire> user) {
            onResponder = user;
            return this;
        }

        /**
         * Connects the two, and returns when both handshakes are complete. Advances the clock if the lines have a
         * delay.
         *
         * @throws IllegalStateException if a handshake fails, with its error as the cause
         */
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
                throw new IllegalStateException("both handshakes must succeed", failure.get());
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
