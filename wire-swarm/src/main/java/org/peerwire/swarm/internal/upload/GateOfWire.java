/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.upload;

import io.netty.buffer.ByteBuf;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.peerwire.BlockSource;
import org.peerwire.message.BlockRequest;
import org.peerwire.swarm.internal.rate.Rates;
import reactor.core.publisher.Mono;

/**
 * The blocks of one wire, at the rates of the wire, the swarm and the host. Without a limit it reads at once. Otherwise a
 * read without tokens waits here, until the {@link RateGate} of the swarm pays it.
 *
 * <p>The wire asks for no more blocks than fit its upload buffer, and cancels its reads at its end, after a choke and for
 * a cancel. So the queue has a limit, and needs no cleaning.
 */
final class GateOfWire implements BlockSource {
    private final RateGate gate;
    private final Rates rates;
    private final Supplier<Stock> stock;
    private final RequestedBlocks requested;
    private final Queue<Payment> waiting = new ConcurrentLinkedQueue<>();

    /** True from the moment when a task is scheduled that adds this to the queue of the swarm, until it leaves. */
    private final AtomicBoolean listed = new AtomicBoolean();

    GateOfWire(RateGate gate, Rates rates, Supplier<Stock> stock, RequestedBlocks requested) {
        this.gate = gate;
        this.rates = rates;
        this.stock = stock;
        this.requested = requested;
    }

    @Override
    public Mono<ByteBuf> read(BlockRequest request) {
        Stock now = stock.get();
        if (!now.has(request)) {
            return Mono.empty();
        }
        if (rates.isUnlimited()) {
            return open(now, request);
        }
        if (waiting.isEmpty() && !gate.isContended() && rates.tryTake(request.length(), gate.now())) {
            return Payment.paid(rates, request).read(wanted -> open(now, wanted));
        }
        return Payment.unpaid(rates, request).readWhenPaid(wanted -> open(now, wanted), this);
    }

    private Mono<ByteBuf> open(Stock now, BlockRequest request) {
        requested.add(request);
        return now.read(request);
    }

    // ---- any thread ----

    void join(Payment payment) {
        waiting.add(payment);
        enlist();
    }

    void leave(Payment payment) {
        waiting.remove(payment);
    }

    /** Adds this to the queue of the swarm if a read waits. One task at a time, whatever the peer requests. */
    private void enlist() {
        if (!waiting.isEmpty() && listed.compareAndSet(false, true)) {
            gate.join(this);
        }
    }

    // ---- thread of the swarm ----

    /** Returns the read that waits longest, or null without one. */
    @Nullable
    Payment next() {
        return waiting.peek();
    }

    /** Pays a read. Returns false if it has to wait. */
    boolean tryPay(Payment payment, long now) {
        if (!payment.tryPay(now)) {
            return false;
        }
        waiting.remove(payment);
        payment.go();
        return true;
    }

    long nanosUntilReady(long now) {
        return rates.nanosUntilReady(now);
    }

    /** Called when this has left the queue of the swarm. */
    void onLeft() {
        listed.set(false);
        enlist(); // a read may have joined since the queue was found empty
    }

    /** Ends all waits without a block. */
    void refuse() {
        Payment next;
        while ((next = waiting.poll()) != null) {
            next.go();
        }
    }
}
