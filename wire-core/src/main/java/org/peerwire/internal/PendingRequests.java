/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.peerwire.Ignored;
import org.peerwire.ProtocolException;
import org.peerwire.RequestException;
import org.peerwire.RequestException.Reason;
import org.peerwire.Wire;
import org.peerwire.internal.Counters.Counter;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.MessageType;

/**
 * Our requests and their answers. What was asked for and is no longer waited for is remembered for a minute,
 * so that its late answer is not held against the peer.
 */
@EventLoopOnly
final class PendingRequests {

    /** Who waits for a block. Exactly one of the two is called, once, unless it is cancelled first. */
    interface Listener {
        /** The block, whose ownership passes. */
        void onBlock(Block block);

        void onFailure(RequestException failure);
    }

    /** Who asked by sending the message by hand: sees the answer among the inbound messages. */
    private static final Listener BY_HAND = new Listener() {
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
        /** Of the asking, then of the writing. */
        long since;

        boolean written;

        Pending(BlockRequest request, Listener listener, long number, long now) {
            this.request = request;
            this.listener = listener;
            this.number = number;
            this.since = now;
        }
    }

    private record Forgotten(BlockRequest request, long until) {}

    private static final long REMEMBER_MILLIS = 60_000;
    private static final int REMEMBER_MOST = 4_096;

    /** By {@link #key}, in no order. */
    private final LongObjectMap<Pending> pending = new LongObjectHashMap<>();

    private final Map<Long, Forgotten> forgotten = new LinkedHashMap<>();
    /** Cancelled while their message waited to be written: it will be left out. */
    private final Set<BlockRequest> takenBack = new HashSet<>();

    private final Counters counters;
    private final Oddities oddities;
    private final boolean fast;
    private final long timeoutMillis;
    private final OutboundQueue outbound;
    private final Supplier<Wire> wire;
    private final Runnable freed;
    private long asked;

    PendingRequests(
            Counters counters,
            Oddities oddities,
            boolean fast,
            long timeoutMillis,
            OutboundQueue outbound,
            Supplier<Wire> wire,
            Runnable freed) {
        this.counters = counters;
        this.oddities = oddities;
        this.fast = fast;
        this.timeoutMillis = timeoutMillis;
        this.outbound = outbound;
        this.wire = wire;
        this.freed = freed;
    }

    int size() {
        return pending.size();
    }

    /** Queues a request. */
    void ask(BlockRequest request, Listener listener, long now) {
        long key = key(request);
        if (pending.containsKey(key)) {
            listener.onFailure(new RequestException(Reason.DUPLICATE, request));
            return;
        }
        pending.put(key, new Pending(request, listener, ++asked, now));
        count();
        if (!takenBack.remove(request)) {
            outbound.add(new Message.Request(request));
        }
    }

    /** Whether the request still has to be written; enters one that was sent by hand. */
    boolean beforeWrite(BlockRequest request, long now) {
        Pending entry = pending.get(key(request));
        if (entry == null || !entry.request.equals(request)) {
            if (takenBack.remove(request) || entry != null) {
                return false;
            }
            entry = new Pending(request, BY_HAND, ++asked, now);
            pending.put(key(request), entry);
            count();
        } else if (entry.written) {
            return false;
        }
        entry.written = true;
        entry.since = now;
        return true;
    }

    /** Takes a request back for the one who asked; sends cancel if it has been written. */
    void cancel(BlockRequest request, Listener listener, long now) {
        Pending entry = pending.get(key(request));
        if (entry != null && entry.listener == listener) {
            takeBack(List.of(entry), now);
        }
    }

    /** Takes back everything for the one who asked, the oldest first. */
    void cancelAll(Listener listener, long now) {
        takeBack(oldestFirst(entry -> entry.listener == listener), now);
    }

    private void takeBack(List<Pending> entries, long now) {
        entries.forEach(entry -> remove(entry, now));
        if (!entries.isEmpty()) {
            count();
            freed.run();
        }
    }

    /** Takes a request back whoever asked; false if the cancel need not be written because the request was not. */
    boolean cancelledByHand(BlockRequest request, long now) {
        Pending entry = pending.get(key(request));
        if (entry == null || !entry.request.equals(request)) {
            return true;
        }
        forget(entry, now);
        fail(entry, Reason.CANCELLED);
        return entry.written;
    }

    /** Gives a block to whoever waits for it; the message stays the caller's. */
    void onPiece(Message.Piece piece, long now) {
        int length = piece.data().readableBytes();
        long key = key(piece.piece(), piece.offset());
        Pending entry = pending.get(key);
        if (entry != null && entry.request.length() == length) {
            pending.remove(key);
            count();
            counters.add(Counter.PAYLOAD_IN, length);
            entry.listener.onBlock(new Block(entry.request, piece.data().retainedDuplicate(), wire.get()));
            freed.run();
        } else {
            onUnasked(new BlockRequest(piece.piece(), piece.offset(), length), entry, now);
        }
    }

    /** A block that nobody waits for, or whose place somebody waits for with another length. */
    private void onUnasked(BlockRequest got, @Nullable Pending entry, long now) {
        if (got.length() == 0) {
            oddities.ignore(Ignored.EMPTY_BLOCK, MessageType.PIECE.id(), now);
            if (entry != null) {
                fail(entry, Reason.REJECTED);
            }
            return;
        }
        counters.add(Counter.WASTED_IN, got.length());
        Forgotten late = forgotten.remove(key(got));
        if (late != null && late.request.length() == got.length()) {
            oddities.ignore(Ignored.LATE_BLOCK, MessageType.PIECE.id(), now);
        } else if (entry != null || fast) {
            throw new ProtocolException(
                    ProtocolException.Reason.UNSOLICITED_BLOCK,
                    MessageType.PIECE.id(),
                    got + " was not asked for" + (entry == null ? "" : ", but " + entry.request));
        } else { // a choke may have crossed the block
            oddities.ignore(Ignored.UNSOLICITED_BLOCK, MessageType.PIECE.id(), now);
        }
    }

    void onReject(BlockRequest request, long now) {
        Forgotten late = forgotten.get(key(request));
        if (late != null && late.request.equals(request)) {
            forgotten.remove(key(request));
            return; // the one answer to what we cancelled
        }
        Pending entry = pending.get(key(request));
        if (entry != null && entry.request.equals(request)) {
            fail(entry, Reason.REJECTED);
        } else {
            oddities.ignore(Ignored.UNKNOWN_REJECT, MessageType.REJECT_REQUEST.id(), now);
        }
    }

    /** Without Fast a choke drops everything that was asked for; with it each is answered on its own. */
    void onChoke(long now) {
        if (!fast) {
            failAll(request -> true, Reason.CHOKED, now);
        }
    }

    /** The peer has lost a piece; without Fast what we asked of it will not be answered (BEP 54). */
    void onDontHave(int piece, long now) {
        if (!fast) {
            failAll(request -> request.piece() == piece, Reason.REJECTED, now);
        }
    }

    /** Fails what has waited too long; {@code now} stands while reading is paused. */
    void tick(long now) {
        forgotten.values().removeIf(entry -> entry.until < now);
        List<Pending> late = oldestFirst(entry -> now - entry.since >= timeoutMillis);
        late.forEach(entry -> remove(entry, now)); // all cancels before anybody hears of it and asks again
        fail(late, Reason.TIMED_OUT);
    }

    /** Takes an entry out, and tells the peer. */
    private void remove(Pending entry, long now) {
        pending.remove(key(entry.request));
        forget(entry, now);
        if (entry.written) {
            outbound.add(new Message.Cancel(entry.request));
        }
    }

    void close() {
        failAll(request -> true, Reason.CLOSED, 0);
        forgotten.clear();
        takenBack.clear();
    }

    private void failAll(Predicate<BlockRequest> which, Reason reason, long now) {
        List<Pending> failed = oldestFirst(entry -> which.test(entry.request));
        for (Pending entry : failed) {
            pending.remove(key(entry.request));
            forget(entry, now);
        }
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

    /** Tells those who waited for what has been taken out. */
    private void fail(List<Pending> failed, Reason reason) {
        if (!failed.isEmpty()) {
            count();
            failed.forEach(entry -> entry.listener.onFailure(new RequestException(reason, entry.request)));
            freed.run();
        }
    }

    private void fail(Pending entry, Reason reason) {
        pending.remove(key(entry.request));
        fail(List.of(entry), reason);
    }

    private void forget(Pending entry, long now) {
        if (!entry.written) {
            takenBack.add(entry.request);
            return;
        }
        forgotten.put(key(entry.request), new Forgotten(entry.request, now + REMEMBER_MILLIS));
        if (forgotten.size() > REMEMBER_MOST) {
            Iterator<Long> eldest = forgotten.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }

    private void count() {
        counters.set(Counter.REQUESTS_OUTSTANDING, pending.size());
    }

    private static long key(BlockRequest request) {
        return key(request.piece(), request.offset());
    }

    /**
     * Piece and offset: the wire cannot tell two lengths at one place apart. An odd factor keeps the keys of different
     * places different, and those of neighbours apart from each other in the table.
     */
    private static long key(int piece, int offset) {
        return ((long) piece << 32 | Integer.toUnsignedLong(offset)) * 0x9E37_79B9_7F4A_7C15L;
    }
}
