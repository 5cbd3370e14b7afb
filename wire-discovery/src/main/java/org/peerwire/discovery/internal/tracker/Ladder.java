/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * Tiers of trackers of which one is announced to at a time (BEP 12). A round asks them in order, the next ones after
 * each failure or while nobody answers, until one answers; that one sets the time of the next round. Confined to the
 * loop.
 */
final class Ladder implements Disposable {
    private static final int MAX_PENDING = 32;

    private final List<List<Member>> tiers = new ArrayList<>();
    private final TrackerLoop loop;
    private final Duration patience;
    private final Consumer<Member> ask;
    private final Runnable exhausted;

    private final Deque<Member> waiting = new ArrayDeque<>();
    private final Disposable.Swap timer = Disposables.swap();
    private int steps;

    /** The tracker that has answered first in this round. */
    private @Nullable Member current;

    /**
     * Creates a ladder whose tiers are shuffled.
     *
     * @param ask sends an announce; its result comes later, by {@link #answered} or {@link #failed}
     * @param exhausted called when no tracker may be asked any more
     */
    Ladder(
            List<List<Endpoint>> tiers,
            Random random,
            TrackerLoop loop,
            Duration patience,
            Consumer<Member> ask,
            Runnable exhausted) {
        for (List<Endpoint> tier : tiers) {
            List<Member> members =
                    new ArrayList<>(tier.stream().map(Member::new).toList());
            Collections.shuffle(members, random);
            this.tiers.add(members);
        }
        this.loop = loop;
        this.patience = patience;
        this.ask = ask;
        this.exhausted = exhausted;
    }

    List<Member> members() {
        return tiers.stream().flatMap(Collection::stream).toList();
    }

    boolean contains(Member member) {
        return tiers.stream().anyMatch(tier -> tier.contains(member));
    }

    /** Begins a round. */
    void round() {
        current = null;
        steps = 0;
        waiting.clear();
        long now = loop.millis();
        members().stream().filter(member -> member.isReady(now)).forEach(waiting::add);
        if (waiting.isEmpty()) {
            rest();
        } else {
            askNext(1);
        }
    }

    private void askNext(int count) {
        long room = MAX_PENDING
                - members().stream().filter(member -> member.pending).count();
        for (int i = 0; i < Math.min(room, count) && !waiting.isEmpty(); i++) {
            ask.accept(waiting.remove());
        }
        if (!waiting.isEmpty()) {
            timer.update(loop.schedule(this::unanswered, patience));
        }
    }

    /** Asks one more, then two, four and so on, so that many dead trackers take little time. */
    private void unanswered() {
        askNext(1 << Math.min(10, steps++));
    }

    /** Notes an answer. Those of trackers that were asked as well and are late change nothing. */
    void answered(Member member) {
        if (current != null && current != member) {
            return;
        }
        current = member;
        waiting.clear();
        promote(member);
        nextRound(member.allowedAt);
    }

    private void promote(Member member) {
        for (List<Member> tier : tiers) {
            if (tier.remove(member)) {
                tier.add(0, member);
            }
        }
    }

    /** Notes a failure. */
    void failed(Member member) {
        if (current == member) {
            nextRound(member.allowedAt); // the completion could not be told
        } else if (current == null && !waiting.isEmpty()) {
            askNext(1);
        } else if (current == null) {
            rest();
        }
    }

    /** Waits for the pending trackers, or for the first one that may be asked again. */
    private void rest() {
        List<Member> later = members().stream()
                .filter(member -> !member.never && !member.pending)
                .toList();
        if (!later.isEmpty()) {
            nextRound(later.stream().mapToLong(member -> member.allowedAt).min().getAsLong());
        } else if (members().stream().noneMatch(member -> member.pending)) {
            exhausted.run();
        }
    }

    private void nextRound(long at) {
        timer.update(loop.schedule(this::round, Duration.ofMillis(at - loop.millis())));
    }

    @Override
    public void dispose() {
        timer.dispose();
        waiting.clear();
    }
}
