/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.peerwire.Ignored;
import org.peerwire.ProtocolException;
import org.peerwire.RequestException;
import org.peerwire.RequestException.Reason;
import org.peerwire.internal.loop.Counters.Counter;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.loop.Signals;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.internal.outbound.OutboundQueue;
import org.peerwire.internal.peer.Anomalies;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.MessageType;

/**
 * Requests of ours and their answers. A request that was cancelled, timed out or choked is remembered for a minute, so
 * that its late answer does not count against the peer.
 */
@EventLoopOnly
public final class PendingRequests {

    /** Waits for a block. Exactly one of the methods is called, once, unless the request is cancelled first. */
    interface Listener {
        /** Takes the block and its ownership. */
        void onBlock(Block block);

        void onFailure(RequestException failure);
    }

    /** The listener of a request that the user sent as a message; the answer is among the inbound messages. */
    private static final Listener BY_MESSAGE = new Listener() {
        @Override
        public void onBlock(Block block) {
            block.release();
        }

        @Override
        public void onFailure(RequestException failure) {}
    };

    private static final class Pending {
        final BlockRequest request;
        final Listener listener;
        final long number;
        /** When it was made; when it was written, after that. */
        long since;

        boolean written;

        Pending(BlockRequest request, Listener listener, long number, long now) {
            this.request = request;
            this.listener = listener;
            this.number = number;
            this.since = now;
        }
    }

    /** By {@link #key}, without an order. */
    private final LongObjectMap<Pending> pending = new LongObjectHashMap<>();

    private final LateAnswers late = new LateAnswers();
    private final AnsweredRequests answered = new AnsweredRequests();
    /** Requests that were cancelled before they were written; their messages are left out. */
    private final Set<BlockRequest> withdrawn = new HashSet<>();

    private final WireContext context;
    private final Anomalies anomalies;
    private final boolean fast;
    private final long timeoutMillis;
    private final OutboundQueue outbound;
    private final Runnable freed;
    private long made;

    /**
     * Creates an empty set of requests.
     *
     * @param fast true if both peers have the Fast extension (BEP 6)
     * @param timeoutMillis the active time after which a request fails
     * @param freed runs when a place in the peer's queue has become free
     */
    public PendingRequests(
            WireContext context,
            Anomalies anomalies,
            boolean fast,
            long timeoutMillis,
            OutboundQueue outbound,
            Runnable freed) {
        this.context = context;
        this.anomalies = anomalies;
        this.fast = fast;
        this.timeoutMillis = timeoutMillis;
        this.outbound = outbound;
        this.freed = freed;
    }

    private long now() {
        return context.clock().active();
    }

    /** Returns the number of requests without an answer. */
    int size() {
        return pending.size();
    }

    /** Makes a request, or fails the listener with DUPLICATE. */
    void request(BlockRequest request, Listener listener) {
        long key = key(request);
        if (pending.containsKey(key)) {
            listener.onFailure(new RequestException(Reason.DUPLICATE, request));
            return;
        }
        pending.put(key, new Pending(request, listener, ++made, now()));
        count();
        if (!withdrawn.remove(request)) {
            outbound.add(new Message.Request(request));
        }
    }

    /**
     * Returns true if a request message is still to be written. Enters the request if the user sent it as a message.
     */
    public boolean beforeWrite(BlockRequest request) {
        Pending entry = pending.get(key(request));
        if (entry == null || !entry.request.equals(request)) {
            if (withdrawn.remove(request) || entry != null) {
                return false;
            }
            entry = new Pending(request, BY_MESSAGE, ++made, now());
            pending.put(key(request), entry);
            count();
        } else if (entry.written) {
            return false;
        }
        entry.written = true;
        entry.since = now();
        return true;
    }

    /** Cancels a request of a listener. Sends a cancel message if the request has been written. */
    void cancel(BlockRequest request, Listener listener) {
        Pending entry = pending.get(key(request));
        if (entry != null && entry.listener == listener) {
            cancel(List.of(entry));
        }
    }

    /** Cancels all requests of a listener, the oldest first. */
    void cancelAll(Listener listener) {
        cancel(oldestFirst(entry -> entry.listener == listener));
    }

    private void cancel(List<Pending> entries) {
        entries.forEach(this::remove);
        if (!entries.isEmpty()) {
            count();
            freed.run();
        }
    }

    /**
     * Fails a request that the user cancels by a message, whichever listener it has.
     *
     * @return false if the cancel need not be written, because the request has not been
     */
    public boolean onOurCancel(BlockRequest request) {
        Pending entry = pending.get(key(request));
        if (entry == null || !entry.request.equals(request)) {
            return true;
        }
        takeAndRemember(entry);
        fail(List.of(entry), Reason.CANCELLED);
        return entry.written;
    }

    /**
     * Gives a block to its listener. The message stays the caller's.
     *
     * @throws ProtocolException if no request matches and the block is neither late nor a duplicate
     */
    public void onPiece(Message.Piece piece) {
        int length = piece.data().readableBytes();
        long key = key(piece.piece(), piece.offset());
        Pending entry = pending.get(key);
        if (entry != null && entry.request.length() == length) {
            take(entry);
            answered.add(key, entry.request);
            count();
            context.counters().add(Counter.PAYLOAD_IN, length);
            entry.listener.onBlock(new Block(entry.request, piece.data().retainedDuplicate(), context.wire()));
            freed.run();
        } else {
            onUnrequested(new BlockRequest(piece.piece(), piece.offset(), length), entry);
        }
    }

    /** Handles a block without a request, or with one at the same place for another length. */
    private void onUnrequested(BlockRequest got, @Nullable Pending entry) {
        if (got.length() == 0) {
            anomalies.ignore(Ignored.EMPTY_BLOCK, MessageType.PIECE.id());
            if (entry != null) {
                fail(entry, Reason.REJECTED);
            }
            return;
        }
        context.counters().add(Counter.WASTED_IN, got.length());
        if (late.takeBlock(got)) {
            answered.add(key(got), got);
            anomalies.ignore(Ignored.LATE_BLOCK, MessageType.PIECE.id());
        } else if (entry == null && answered.take(key(got), got)) {
            anomalies.ignore(Ignored.DUPLICATE_BLOCK, MessageType.PIECE.id());
        } else if (entry != null || fast) {
            throw new ProtocolException(
                    ProtocolException.Reason.UNSOLICITED_BLOCK,
                    MessageType.PIECE.id(),
                    got + " was not requested" + (entry == null ? "" : "; requested was " + entry.request));
        } else { // a choke may have crossed the block
            anomalies.ignore(Ignored.UNSOLICITED_BLOCK, MessageType.PIECE.id());
        }
    }

    /** Fails a request that the peer rejects. */
    public void onReject(BlockRequest request) {
        if (late.takeReject(request)) {
            return; // the one answer to a cancelled request
        }
        Pending entry = pending.get(key(request));
        if (entry != null && entry.request.equals(request)) {
            fail(entry, Reason.REJECTED);
        } else {
            anomalies.ignore(Ignored.UNKNOWN_REJECT, MessageType.REJECT_REQUEST.id());
        }
    }

    /** Fails all requests, unless Fast is on: then the peer answers each by itself. */
    public void onChoke() {
        if (!fast) {
            failAll(request -> true, Reason.CHOKED);
        }
    }

    /** Fails the requests for a piece that the peer has lost (BEP 54), unless Fast is on. */
    public void onDontHave(int piece) {
        if (!fast) {
            failAll(request -> request.piece() == piece, Reason.REJECTED);
        }
    }

    /** Fails the requests that have timed out; {@code now} is active time, which stands still during a pause. */
    public void tick(long now) {
        late.tick(now);
        answered.tick(now);
        List<Pending> timedOut = oldestFirst(entry -> now - entry.since >= timeoutMillis);
        timedOut.forEach(this::remove); // all cancels before a listener hears of it and requests again
        fail(timedOut, Reason.TIMED_OUT);
    }

    /** Removes an entry, and cancels it at the peer if it has been written. */
    private void remove(Pending entry) {
        takeAndRemember(entry);
        if (entry.written) {
            outbound.add(new Message.Cancel(entry.request));
        }
    }

    /** Fails all requests with CLOSED. */
    public void close() {
        failAll(request -> true, Reason.CLOSED);
        late.clear();
        answered.clear();
        withdrawn.clear();
    }

    private void failAll(Predicate<BlockRequest> which, Reason reason) {
        List<Pending> failed = oldestFirst(entry -> which.test(entry.request));
        failed.forEach(this::takeAndRemember);
        fail(failed, reason);
    }

    private List<Pending> oldestFirst(Predicate<Pending> which) {
        if (pending.isEmpty()) {
            return List.of();
        }
        return pending.values().stream()
                .filter(which)
                .sorted(Comparator.comparingLong(entry -> entry.number))
                .toList();
    }

    /** Fails the listeners of entries that have been removed. */
    private void fail(List<Pending> failed, Reason reason) {
        if (!failed.isEmpty()) {
            count();
            failed.forEach(
                    entry -> Signals.run(() -> entry.listener.onFailure(new RequestException(reason, entry.request))));
            freed.run();
        }
    }

    private void fail(Pending entry, Reason reason) {
        take(entry);
        fail(List.of(entry), reason);
    }

    /** Removes an entry. Its message is left out if it has not been written. */
    private void take(Pending entry) {
        pending.remove(key(entry.request));
        if (!entry.written) {
            withdrawn.add(entry.request);
        }
    }

    /** Removes an entry without an answer, and remembers it if the answer may still arrive. */
    private void takeAndRemember(Pending entry) {
        take(entry);
        if (entry.written) {
            late.expect(entry.request, now());
        }
    }

    private void count() {
        context.counters().set(Counter.REQUESTS_OUTSTANDING, pending.size());
    }

    private static long key(BlockRequest request) {
        return key(request.piece(), request.offset());
    }

    /**
     * Returns a key for piece and offset; the protocol cannot tell two lengths at one place apart. The factor is odd,
     * so different places keep different keys, and it spreads the keys of neighbours over the table.
     */
    private static long key(int piece, int offset) {
        return ((long) piece << 32 | Integer.toUnsignedLong(offset)) * 0x9E37_79B9_7F4A_7C15L;
    }
}
