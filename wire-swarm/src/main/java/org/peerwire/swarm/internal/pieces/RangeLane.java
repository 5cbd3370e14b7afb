/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;
import org.peerwire.swarm.RangeSource;
import org.peerwire.swarm.Reasons;
import org.peerwire.swarm.SourceException;
import org.peerwire.swarm.SourceStats;
import org.peerwire.swarm.SwarmEvent;

/** The reads of one source of ranges, its failures and its end. Confined to the thread of the swarm. */
public final class RangeLane extends Lane {
    /** The number of buffers that a read asks for in advance, where no rate is limited. */
    private static final int AHEAD = 4;

    /** The time in which a block must come while we read. */
    private static final Duration SILENCE = Duration.ofSeconds(20);

    private static final long FIRST_PAUSE = 5_000;
    private static final long LONGEST_PAUSE = Duration.ofMinutes(10).toMillis();
    private static final long LONGEST_RETRY = Duration.ofHours(1).toMillis();

    /** The number of missing files in a row, without a block between them, after which a source is given up. */
    private static final int MAX_GONE = 3;

    private final RangeSource source;
    private final RangeContext context;
    private final PiecePicker<Lane> picker;
    private final List<RangeRead> reads = new ArrayList<>();

    /** A block that the picker has chosen and that did not continue the last run: the next run begins with it. */
    private @Nullable BlockRequest early;

    /** The bytes that the rates have granted and that have not come. Negative if more have come. */
    private long credit;

    private long pause = FIRST_PAUSE;
    private long pausedUntil = Long.MIN_VALUE;
    private int gone;
    private boolean isOpen;
    private boolean isGivenUp;
    private boolean isStopped;
    private long begun;
    private @Nullable String problem;

    RangeLane(RangeSource source, RangeContext context) {
        this.source = source;
        this.context = context;
        this.picker = context.picker();
    }

    /** Offers all pieces. */
    void join() {
        offer(PieceSet.all(context.torrent().pieceCount()));
    }

    private void offer(PieceSet pieces) {
        picker.sources().offers(this, pieces);
        Objects.requireNonNull(picker.sources().get(this)).isForRuns = true;
    }

    /** Ends all reads without giving blocks back. */
    void stop() {
        isStopped = true;
        endReads();
    }

    private boolean isUsable() {
        return !isExpelled && !isGivenUp && !isStopped;
    }

    /** Returns true if the source may send something now or later. */
    boolean hasHope() {
        return isUsable();
    }

    /** Returns true if the last thing that came from the source was a block. */
    boolean isOpen() {
        return isOpen && isUsable();
    }

    // ---- reads ----

    @Override
    void supply() {
        if (!isUsable()) {
            return;
        }
        long now = context.loop().millis();
        while (now >= pausedUntil && reads.size() < (isOpen ? context.maxReads() : 1)) {
            List<BlockRequest> run = nextRun(now);
            if (run.isEmpty()) {
                break;
            }
            RangeRead read = new RangeRead(context.loop(), source, this, run, context.files());
            reads.add(read);
            begun++;
            context.loop().schedule(() -> begin(read)); // zeros come at once
        }
        pump();
    }

    private void begin(RangeRead read) {
        if (reads.contains(read)) {
            read.begin();
        }
    }

    /** Returns blocks without gaps, whole pieces where possible; none if nothing may be asked. */
    private List<BlockRequest> nextRun(long now) {
        List<BlockRequest> run = new ArrayList<>();
        PieceSource facts = Objects.requireNonNull(picker.sources().get(this));
        facts.following = early == null ? -1 : early.piece() + 1; // a run may begin anywhere
        long length = 0;
        BlockRequest next = early == null ? picker.next(this, now) : early;
        early = null;
        while (next != null) {
            BlockRequest last = run.isEmpty() ? null : run.get(run.size() - 1);
            if (last != null && !context.files().follows(last, next)) {
                early = next;
                break;
            }
            run.add(next);
            length += next.length();
            boolean endsPiece =
                    next.offset() + next.length() == context.torrent().shape().pieceLength(next.piece());
            next = endsPiece && length >= context.runLength() ? null : picker.next(this, now);
        }
        return run;
    }

    /** Asks for as many buffers as the demand and the rates allow. */
    void pump() {
        boolean isHungry = picker.wants().isHungry();
        int ahead = context.rates().isUnlimited() ? AHEAD : 1;
        for (RangeRead read : reads) {
            while (isHungry && read.takes(ahead) && hasCredit()) {
                read.request();
            }
            read.hold();
        }
    }

    private boolean hasCredit() {
        while (credit <= 0) {
            long now = context.loop().now(TimeUnit.NANOSECONDS);
            if (context.throttle().isContended() || !context.rates().tryTake(BlockRequest.BLOCK_LENGTH, now)) {
                context.throttle().tryLater();
                return false;
            }
            credit += BlockRequest.BLOCK_LENGTH;
        }
        return true;
    }

    /** Notes bytes that have come. */
    void took(int bytes) {
        credit -= bytes;
    }

    /** Takes a block out of a buffer, which stays with the caller. */
    void received(BlockRequest block, ByteBuf data) {
        if (!isOpen) {
            isOpen = true;
            context.events().accept(new SwarmEvent.SourceConnected(source.name()));
            context.loop().schedule(this::supply); // before its first block it gets one read only
        }
        pause = FIRST_PAUSE;
        gone = 0;
        context.taker().take(this, block, data);
    }

    /** Notes a read that has come to its end. */
    void completed(RangeRead read) {
        reads.remove(read);
        context.supplyAll().run();
    }

    @Override
    void answered(boolean isUseful) {
        // the silence of a source is that of its reads
    }

    @Override
    void cancel(BlockRequest block) {
        if (block.equals(early)) {
            early = null;
        }
        if (reads.removeIf(read -> read.cancel(block))) {
            context.loop().schedule(this::supply);
        }
    }

    private void endReads() {
        reads.forEach(RangeRead::end);
        reads.clear();
        early = null;
        if (credit > 0) {
            context.rates().giveBack((int) credit);
            credit = 0;
        }
    }

    // ---- failures ----

    /** Fails a source from which no block has come for too long. */
    void watch() {
        long latest = context.loop().millis() - SILENCE.toMillis();
        if (reads.stream().anyMatch(read -> read.isWaitingSince(latest))) {
            stalls++;
            String what = "sent no block of 16 KiB for " + Reasons.text(SILENCE);
            failed(null, new SourceException(SourceException.Reason.FAILED, what));
        }
    }

    /**
     * Gives all blocks to others. All reads end: they have one server.
     *
     * @param range the range that has failed, or null if it was none in particular
     */
    void failed(RangeSource.@Nullable Range range, Throwable error) {
        if (!isUsable()) {
            return;
        }
        endReads();
        picker.stall(this);
        isOpen = false;
        refusals++;
        problem = Reasons.text(error);
        SourceException known = error instanceof SourceException e ? e : null;
        SourceException.Reason reason = known == null ? SourceException.Reason.FAILED : known.reason();
        if (reason == SourceException.Reason.GONE && range != null && ++gone < MAX_GONE && withdraw(range)) {
            emit(error, Duration.ZERO);
        } else if (reason == SourceException.Reason.GONE || reason == SourceException.Reason.UNUSABLE) {
            isGivenUp = true;
            picker.leave(this);
            emit(error, null);
        } else {
            emit(error, Duration.ofMillis(pause(known == null ? null : known.retryAfter())));
        }
        context.supplyAll().run();
    }

    /** Offers the pieces of a file no more. Returns false if no piece is left. */
    private boolean withdraw(RangeSource.Range range) {
        int first = context.files().firstPiece(range.file());
        int last = context.files().lastPiece(range.file());
        PieceSource facts = Objects.requireNonNull(picker.sources().get(this));
        int[] left = facts.pieces.stream()
                .filter(piece -> piece < first || piece > last)
                .toArray();
        offer(PieceSet.of(context.torrent().pieceCount(), left));
        return left.length > 0;
    }

    /** Returns the time in milliseconds in which the source is not asked, which doubles with each failure. */
    private long pause(@Nullable Duration wish) {
        long wished = wish == null
                ? 0
                : wish.compareTo(Duration.ofMillis(LONGEST_RETRY)) > 0 ? LONGEST_RETRY : wish.toMillis();
        long time = Math.max(pause, wished);
        pause = Math.min(2 * pause, LONGEST_PAUSE);
        pausedUntil = context.loop().millis() + time;
        context.loop().schedule(this::supply, time, TimeUnit.MILLISECONDS);
        return time;
    }

    private void emit(Throwable error, @Nullable Duration retry) {
        context.events().accept(new SwarmEvent.SourceFailed(source.name(), Reasons.text(error), error, retry));
    }

    @Override
    void expel() {
        super.expel();
        endReads();
    }

    /** Notes the proof of a lie, for people. */
    void prove(String proof) {
        problem = proof;
        context.events().accept(new SwarmEvent.SourceBanned(source.name(), proof));
    }

    // ---- facts ----

    @Override
    Object identity() {
        return source.name();
    }

    /** Returns a snapshot of the facts. */
    SourceStats stats() {
        return new SourceStats(source.name(), state(), received, wasted, begun, refusals, failedPieces, problem);
    }

    private SourceStats.State state() {
        if (isExpelled) {
            return SourceStats.State.BANNED;
        }
        if (isGivenUp) {
            return SourceStats.State.GIVEN_UP;
        }
        if (!reads.isEmpty()) {
            return SourceStats.State.READING;
        }
        return context.loop().millis() < pausedUntil ? SourceStats.State.WAITING : SourceStats.State.IDLE;
    }
}
