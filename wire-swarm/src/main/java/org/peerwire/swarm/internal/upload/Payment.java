/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.upload;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.peerwire.BlockSource;
import org.peerwire.message.BlockRequest;
import org.peerwire.swarm.internal.rate.Rates;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The tokens of one read. They are given back if the read ends without a block: empty, failed or cancelled. Thread-safe,
 * because the event loop of the wire cancels, the thread of the swarm pays, and the source answers on its own thread.
 */
final class Payment {
    private final Rates rates;
    private final BlockRequest request;
    private final AtomicReference<State> state;
    private volatile @Nullable MonoSink<Void> waiting;

    private enum State {
        UNPAID,
        PAID,
        OVER
    }

    private Payment(Rates rates, BlockRequest request, State state) {
        this.rates = rates;
        this.request = request;
        this.state = new AtomicReference<>(state);
    }

    /** Returns a payment whose tokens have been taken. */
    static Payment paid(Rates rates, BlockRequest request) {
        return new Payment(rates, request, State.PAID);
    }

    /** Returns a payment that waits for its tokens. */
    static Payment unpaid(Rates rates, BlockRequest request) {
        return new Payment(rates, request, State.UNPAID);
    }

    /** Reads the block, which must be paid when the result is subscribed to. */
    Mono<ByteBuf> read(BlockSource source) {
        return settled(Mono.defer(() -> source.read(request)));
    }

    /** Waits for the tokens, then reads the block. Ends empty if {@link #go()} comes before a payment. */
    Mono<ByteBuf> readWhenPaid(BlockSource source, GateOfWire gate) {
        Mono<Void> tokens = Mono.create(sink -> {
            waiting = sink;
            gate.join(this);
            sink.onCancel(() -> gate.leave(this)); // last: at once if it has been cancelled
        });
        return settled(tokens.then(
                Mono.defer(() -> state.get() == State.PAID ? source.read(request) : Mono.<ByteBuf>empty())));
    }

    private Mono<ByteBuf> settled(Mono<ByteBuf> block) {
        return block.doOnNext(data -> state.set(State.OVER)).doFinally(end -> {
            if (state.getAndSet(State.OVER) == State.PAID) {
                rates.giveBack(request.length());
            }
        });
    }

    /** Takes the tokens. Returns false if there are none. Call {@link #go()} next. */
    boolean tryPay(long now) {
        if (!rates.tryTake(request.length(), now)) {
            return false;
        }
        if (!state.compareAndSet(State.UNPAID, State.PAID)) {
            rates.giveBack(request.length()); // cancelled a moment ago
        }
        return true;
    }

    /** Ends the wait: with the read if it is paid, otherwise without a block. */
    void go() {
        MonoSink<Void> sink = waiting;
        if (sink != null) {
            sink.success();
        }
    }
}
