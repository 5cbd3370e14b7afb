/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The questions of one socket that wait for their answer. An answer counts if its transaction, four random bytes, and
 * its sender are those of a question. Questions over the rate wait in a bounded queue.
 */
final class Queries {
    /** The time after which a lookup asks another node as well. */
    static final long SLOW_MILLIS = 2_000;

    /** The time after which a question has failed. */
    static final long LOST_MILLIS = 8_000;

    private static final int MAX_QUEUED = 8_192;

    /** Receives the outcome of a question. Called on the loop, never by {@link #ask}. */
    interface Outcome {
        /** Returns false if nobody wants the answer any more: then a question in the queue is not sent. */
        default boolean isWanted() {
            return true;
        }

        void replied(Krpc.Reply reply);

        default void slow() {}

        /** Takes notice that the answer was an error, or that the queue is full: no sign that the node is gone. */
        default void refused() {
            failed();
        }

        /** Takes notice that no answer came in time. */
        void failed();
    }

    private final DhtLoop loop;
    private final RandomGenerator random;
    private final TokenBucket rate;
    private final BiConsumer<Query, InetSocketAddress> sender;
    private final DhtCounters counters;
    private final Deque<Pending> queue = new ArrayDeque<>();
    private final Map<Integer, Pending> sent = new HashMap<>();

    /** The sent questions in their order, until they are slow, then until they are lost. */
    private final Deque<Pending> fast = new ArrayDeque<>();

    private final Deque<Pending> slow = new ArrayDeque<>();
    private boolean armed;
    private boolean closed;

    /** A question without the fields that all questions of a node share. */
    record Query(String transaction, Krpc.Ask ask) {}

    private static final class Pending {
        final InetSocketAddress to;
        final Krpc.Ask ask;
        final Outcome outcome;
        int transaction;
        long sentAt;
        boolean done;

        Pending(InetSocketAddress to, Krpc.Ask ask, Outcome outcome) {
            this.to = to;
            this.ask = ask;
            this.outcome = outcome;
        }
    }

    Queries(
            DhtLoop loop,
            RandomGenerator random,
            TokenBucket rate,
            DhtCounters counters,
            BiConsumer<Query, InetSocketAddress> sender) {
        this.loop = loop;
        this.random = random;
        this.rate = rate;
        this.counters = counters;
        this.sender = sender;
    }

    int pending() {
        return sent.size() + queue.size();
    }

    /** Asks a node, now or when the rate allows. */
    void ask(InetSocketAddress to, Krpc.Ask ask, Outcome outcome) {
        if (closed || queue.size() >= MAX_QUEUED) {
            loop.execute(outcome::refused);
            return;
        }
        queue.add(new Pending(to, ask, outcome));
        sendQueued();
    }

    private void sendQueued() {
        long now = loop.now();
        while (!queue.isEmpty()) {
            if (!queue.element().outcome.isWanted()) {
                queue.remove();
            } else if (rate.take(now)) {
                send(queue.remove(), now);
            } else {
                break;
            }
        }
        arm();
    }

    private void send(Pending pending, long now) {
        do {
            pending.transaction = random.nextInt();
        } while (sent.putIfAbsent(pending.transaction, pending) != null);
        pending.sentAt = now;
        fast.add(pending);
        counters.queriesSent++;
        sender.accept(new Query(text(pending.transaction), pending.ask), pending.to);
    }

    /** Takes an answer. Returns true if it is one to a question of ours. */
    boolean received(Krpc answer, InetSocketAddress from) {
        Integer transaction = number(answer.transaction());
        Pending pending = transaction == null ? null : sent.get(transaction);
        if (pending == null || !pending.to.equals(from)) {
            counters.strayAnswers++;
            return false;
        }
        sent.remove(transaction);
        pending.done = true;
        if (answer instanceof Krpc.Reply reply) {
            counters.answersReceived++;
            pending.outcome.replied(reply);
        } else {
            counters.errorsReceived++;
            pending.outcome.refused();
        }
        return true;
    }

    private void arm() {
        if (armed || closed) {
            return;
        }
        dropDone(fast);
        dropDone(slow);
        long now = loop.now();
        long next = Long.MAX_VALUE;
        if (!fast.isEmpty()) {
            next = fast.element().sentAt + SLOW_MILLIS - now;
        }
        if (!slow.isEmpty()) {
            next = Math.min(next, slow.element().sentAt + LOST_MILLIS - now);
        }
        if (!queue.isEmpty()) {
            next = Math.min(next, rate.millisToNext(now));
        }
        if (next != Long.MAX_VALUE) {
            armed = true;
            loop.after(Math.max(1, next), this::tick);
        }
    }

    private void tick() {
        armed = false;
        if (closed) {
            return;
        }
        long now = loop.now();
        for (dropDone(fast); !fast.isEmpty() && now - fast.element().sentAt >= SLOW_MILLIS; dropDone(fast)) {
            Pending pending = fast.remove();
            slow.add(pending);
            pending.outcome.slow();
        }
        for (dropDone(slow); !slow.isEmpty() && now - slow.element().sentAt >= LOST_MILLIS; dropDone(slow)) {
            Pending pending = slow.remove();
            sent.remove(pending.transaction);
            counters.timeouts++;
            pending.outcome.failed();
        }
        sendQueued();
    }

    private static void dropDone(Deque<Pending> pending) {
        while (!pending.isEmpty() && pending.element().done) {
            pending.remove();
        }
    }

    /** Fails all questions. */
    void close() {
        closed = true;
        List<Pending> left = new ArrayList<>(sent.values());
        left.addAll(queue);
        sent.clear();
        queue.clear();
        fast.clear();
        slow.clear();
        left.forEach(pending -> pending.outcome.failed());
    }

    private static String text(int transaction) {
        char[] text = new char[4];
        for (int i = 0; i < 4; i++) {
            text[i] = (char) ((transaction >>> (8 * (3 - i))) & 0xff);
        }
        return new String(text);
    }

    private static @Nullable Integer number(String text) {
        if (text.length() != 4) {
            return null;
        }
        int number = 0;
        for (int i = 0; i < 4; i++) {
            number = (number << 8) | text.charAt(i);
        }
        return number;
    }
}
