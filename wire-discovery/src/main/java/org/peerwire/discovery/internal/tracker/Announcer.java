/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.peerwire.discovery.Announce;
import org.peerwire.discovery.Progress;
import org.peerwire.discovery.TrackerEvent;
import org.peerwire.discovery.TrackerException;
import org.peerwire.discovery.TrackerException.Reason;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The life of one announcement: {@code started} until a tracker has answered it, then at the intervals,
 * {@code completed} once, {@code stopped} at the end. Confined to its loop.
 */
public final class Announcer {
    private static final Duration STOP_TIME = Duration.ofSeconds(2);
    private static final Duration PROGRESS_TIME = Duration.ofSeconds(1);
    private static final Duration LAST_PROGRESS_TIME = Duration.ofMillis(500);
    private static final Duration REFUSAL_TIME = Duration.ofMinutes(1);
    private static final Duration LOCAL_TIME = Duration.ofMinutes(30);

    private final Announce announce;
    private final Pace pace;
    private final TrackerLoop loop;
    private final Random random;
    private final FluxSink<TrackerEvent> sink;
    private final List<Ladder> ladders;

    private final Disposable.Swap completion = Disposables.swap();
    private Progress last = new Progress(0, 0, Announce.UNKNOWN_LEFT);
    private int exhausted;
    private boolean ended;

    private Announcer(
            List<List<Endpoint>> tiers,
            Announce announce,
            Pace pace,
            TrackerLoop loop,
            Random random,
            FluxSink<TrackerEvent> sink) {
        this.announce = announce;
        this.pace = pace;
        this.loop = loop;
        this.random = random;
        this.sink = sink;
        List<List<List<Endpoint>>> groups =
                pace.everyTier() ? tiers.stream().map(List::of).toList() : List.of(tiers);
        this.ladders = groups.stream()
                .map(group -> new Ladder(group, random, loop, pace.patience(), this::ask, this::exhausted))
                .toList();
    }

    /**
     * Announces on subscription, until the cancellation or until no tracker may be asked any more.
     *
     * @param atEnd runs once, after the trackers are told of the end
     */
    public static Flux<TrackerEvent> start(
            List<List<Endpoint>> tiers, Announce announce, Pace pace, Scheduler clock, Random random, Runnable atEnd) {
        return Flux.<TrackerEvent>create(
                        sink -> {
                            TrackerLoop loop = new TrackerLoop(clock, atEnd);
                            Announcer announcer = new Announcer(tiers, announce, pace, loop, random, sink);
                            sink.onDispose(() -> {
                                if (!loop.run(announcer::end)) {
                                    announcer.end(); // the clock is disposed, so no other thread is here
                                }
                            });
                            if (!loop.run(announcer::begin)) {
                                sink.error(Exceptions.failWithRejected());
                            }
                        },
                        FluxSink.OverflowStrategy.IGNORE)
                .onBackpressureBuffer(Watchers.MAX_WAITING, lost -> {}, BufferOverflowStrategy.DROP_OLDEST);
    }

    private void begin() {
        if (ended) {
            return;
        }
        completion.update(announce.completed().subscribe(nothing -> {}, error -> {}, () -> loop.run(this::completed)));
        ladders.forEach(Ladder::round);
        if (ladders.isEmpty()) {
            sink.complete();
        }
    }

    private List<Member> members() {
        return ladders.stream().flatMap(ladder -> ladder.members().stream()).toList();
    }

    // ---- one announce ----

    private void ask(Member member) {
        int number = ++member.asked;
        member.pending = true;
        member.request.update(
                progress(PROGRESS_TIME).subscribe(progress -> loop.run(() -> send(member, number, progress))));
    }

    private void send(Member member, int number, Progress progress) {
        if (ended || member.asked != number) {
            return;
        }
        last = progress;
        AnnounceEvent event = member.event();
        member.request.update(member.endpoint
                .announce(request(member, event, progress))
                .subscribe(
                        answer -> loop.run(() -> answered(member, number, event, progress, answer)),
                        error -> loop.run(() -> failed(member, number, error)),
                        () -> loop.run(() -> finished(member, number))));
    }

    private TrackerRequest request(Member member, AnnounceEvent event, Progress progress) {
        return new TrackerRequest(
                announce.infoHash(),
                announce.peerId(),
                Math.max(1, announce.port()), // trackers refuse 0
                announce.key(),
                event == AnnounceEvent.STOPPED ? 0 : announce.numWant(),
                progress,
                event,
                member.trackerId);
    }

    /** Returns the state to tell, or the last one told if it does not come in time. */
    private Mono<Progress> progress(Duration time) {
        Progress before = last;
        return announce.progress()
                .timeout(time, loop.clock())
                .onErrorReturn(before)
                .defaultIfEmpty(before);
    }

    private void answered(Member member, int number, AnnounceEvent event, Progress progress, TrackerAnswer answer) {
        if (ended || member.asked != number) {
            return;
        }
        boolean first = member.pending;
        member.pending = false;
        member.failures = 0;
        if (answer.trackerId() != null) {
            member.trackerId = answer.trackerId();
        }
        if (event == AnnounceEvent.STARTED) {
            member.started = true;
            member.incomplete = progress.left() > 0;
        }
        if (event == AnnounceEvent.COMPLETED || !member.incomplete) {
            member.incomplete = false;
            member.completedDue = false;
        }
        Duration interval = pace.interval(answer);
        long allowedAt = loop.millis() + withJitter(interval).toMillis();
        member.allowedAt = first ? allowedAt : Math.max(allowedAt, member.allowedAt); // the families share a round
        sink.next(new TrackerEvent.Announced(
                member.endpoint.uri(),
                interval,
                answer.seeders(),
                answer.leechers(),
                answer.peers(),
                Optional.ofNullable(answer.warning()),
                Optional.ofNullable(answer.externalAddress())));
        if (!ended) {
            ladder(member).answered(member); // the second answer, too: it may move the time of the round
        }
    }

    private void finished(Member member, int number) {
        if (!ended && member.asked == number && member.completedDue) {
            ask(member); // the completion came while the announce before it was under way
        }
    }

    private void failed(Member member, int number, Throwable error) {
        if (ended || member.asked != number) {
            return;
        }
        TrackerException failure = error instanceof TrackerException known
                ? known
                : new TrackerException(Reason.CONNECTION, "the request failed: " + error, error);
        member.pending = false;
        member.failures++;
        Duration retry = retry(failure, member.failures);
        member.never = retry.equals(TrackerException.NEVER);
        if (!member.never) {
            member.allowedAt = loop.millis() + withJitter(retry).toMillis();
        }
        sink.next(new TrackerEvent.Failed(
                member.endpoint.uri(), failure, member.never ? Optional.empty() : Optional.of(retry)));
        if (!ended) {
            ladder(member).failed(member);
        }
    }

    private static Duration retry(TrackerException failure, int failures) {
        Duration usual = Pace.retry(failures);
        return failure.retryIn().orElseGet(() -> switch (failure.reason()) {
            case UNSUPPORTED -> TrackerException.NEVER;
            case LOCAL_ADDRESS -> LOCAL_TIME;
            case REFUSED -> usual.compareTo(REFUSAL_TIME) < 0 ? REFUSAL_TIME : usual;
            default -> usual;
        });
    }

    private Duration withJitter(Duration time) {
        return time.plusMillis((long) (time.toMillis() * 0.1 * random.nextDouble()));
    }

    private Ladder ladder(Member member) {
        return Objects.requireNonNull(ladders.stream()
                .filter(ladder -> ladder.contains(member))
                .findFirst()
                .orElse(null));
    }

    // ---- completion and end ----

    private void completed() {
        if (ended) {
            return;
        }
        for (Member member : members()) {
            member.completedDue = !member.started || member.incomplete;
            if (member.completedDue && member.started && !member.pending && !member.never) {
                ask(member);
            }
        }
    }

    private void exhausted() {
        if (++exhausted == ladders.size()) {
            sink.complete();
        }
    }

    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        completion.dispose();
        ladders.forEach(Disposable::dispose);
        members().forEach(member -> member.request.dispose());
        List<Member> told = members().stream().filter(member -> member.started).toList();
        if (told.isEmpty()) {
            loop.dispose();
            return;
        }
        progress(LAST_PROGRESS_TIME)
                .flatMapMany(progress -> Flux.fromIterable(told)
                        .flatMap(
                                member -> member.endpoint
                                        .announce(request(member, AnnounceEvent.STOPPED, progress))
                                        .onErrorComplete(),
                                Integer.MAX_VALUE))
                .take(STOP_TIME, loop.clock())
                .doFinally(end -> loop.dispose())
                .subscribe(answer -> {}, error -> {});
    }
}
