/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.peerwire.InfoHash;
import org.peerwire.discovery.Scrape;
import org.peerwire.discovery.TrackerException;
import org.peerwire.discovery.TrackerException.Reason;
import org.peerwire.discovery.internal.net.GuardedResolver.Family;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A tracker without a network, whose answers the test writes. It notes each announce with its time. */
final class FakeTracker implements TrackerClient {
    final List<String> log = new ArrayList<>();
    final List<TrackerRequest> requests = new ArrayList<>();
    int cancelled;
    Function<TrackerRequest, Mono<TrackerAnswer>> script = request -> Mono.just(answer(1_800));

    /** The answers over IPv6. They are not recorded. Default: empty, which is not a failure. */
    Function<TrackerRequest, Mono<TrackerAnswer>> six = request -> Mono.empty();

    private final String name;
    private final Scheduler clock;

    FakeTracker(String name, Scheduler clock) {
        this.name = name;
        this.clock = clock;
    }

    static FakeTracker silent(String name, Scheduler clock) {
        FakeTracker tracker = new FakeTracker(name, clock);
        tracker.script = request -> Mono.never();
        return tracker;
    }

    static FakeTracker failing(String name, Scheduler clock, Reason reason) {
        FakeTracker tracker = new FakeTracker(name, clock);
        tracker.script = request -> Mono.error(new TrackerException(reason, "no"));
        return tracker;
    }

    Endpoint endpoint() {
        return new Endpoint(URI.create("http://" + name + "/announce"), this, List.of(Family.values()));
    }

    static TrackerAnswer answer(long interval, InetSocketAddress... peers) {
        return answer(OptionalLong.of(interval), OptionalLong.empty(), null, peers);
    }

    static TrackerAnswer answer(
            OptionalLong interval, OptionalLong minInterval, byte[] trackerId, InetSocketAddress... peers) {
        return new TrackerAnswer(
                interval, minInterval, OptionalLong.of(3), OptionalLong.of(4), List.of(peers), "slow", null, trackerId);
    }

    FakeTracker answering(Duration delay, TrackerAnswer answer) {
        script = request -> Mono.just(answer).delayElement(delay, clock);
        return this;
    }

    @Override
    public Mono<TrackerAnswer> announce(TrackerRequest request, Family family) {
        if (family == Family.IPV6) {
            return six.apply(request);
        }
        return Mono.defer(() -> {
            requests.add(request);
            log.add(clock.now(TimeUnit.SECONDS) + " " + request.event().text() + " left "
                    + request.progress().left());
            return script.apply(request).doOnCancel(() -> cancelled++);
        });
    }

    @Override
    public Mono<List<Scrape>> scrape(List<InfoHash> hashes, Family family) {
        return Mono.error(new UnsupportedOperationException());
    }
}
