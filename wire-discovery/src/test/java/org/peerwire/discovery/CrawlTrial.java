/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.peerwire.InfoHash;
import org.peerwire.test.HostLink;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * Crawls 10,000 hashes of a thousand peers. After each thousand it takes no more until nothing is under way, and prints a
 * line: the results, those with metadata, the KiB that the heap holds, and the open connections.
 */
final class CrawlTrial extends BaseSubscriber<CrawlResult> {
    static final int HASHES = 10_000;
    static final int STEP = 1_000;

    /** One of so many hashes has no honest peer. */
    static final int HOPELESS = 20;

    private static final int PEERS_OF_A_KIND = 250;
    private static final int OTHERS = 4;
    private static final Duration DELAY = Duration.ofMillis(20);
    private static final Duration LIMIT = Duration.ofHours(1);
    private static final Duration QUIET = Duration.ofMinutes(2);

    private final CrawlWorld world =
            new CrawlWorld(HostLink.of(10_000_000, 10_000_000).delay(DELAY));
    private final List<InetSocketAddress> honest = peers(world::peer);
    private final List<InetSocketAddress> others = Stream.of(
                    peers(world::liar), peers(world::silent), peers(world::refusing))
            .flatMap(List::stream)
            .toList();
    private final Map<InfoHash, List<InetSocketAddress>> swarms = new HashMap<>();
    private int done;
    private int found;

    private CrawlTrial() {}

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException {
        new CrawlTrial().run();
        System.exit(0);
    }

    private static List<InetSocketAddress> peers(Supplier<InetSocketAddress> peer) {
        return Stream.generate(peer).limit(PEERS_OF_A_KIND).toList();
    }

    private List<InetSocketAddress> swarm(int number) {
        List<InetSocketAddress> swarm = new ArrayList<>();
        for (int i = 0; i < OTHERS; i++) {
            swarm.add(others.get((7 * number + 193 * i) % others.size()));
        }
        if (number % HOPELESS != 0) {
            swarm.add(honest.get(number % honest.size()));
        }
        return swarm;
    }

    private void run() throws InterruptedException {
        InfoHash[] hashes = IntStream.range(0, HASHES).mapToObj(world::torrent).toArray(InfoHash[]::new);
        for (int i = 0; i < HASHES; i++) {
            swarms.put(hashes[i], swarm(i));
        }
        world.crawler(world.options(), swarms::get)
                .crawl(Flux.fromArray(hashes))
                .subscribe(this);
        for (int next = STEP; next <= HASHES; next += STEP) {
            int goal = next;
            request(STEP);
            world.net.advanceUntil(() -> done == goal, LIMIT);
            world.net.advance(QUIET);
            print();
        }
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        // requests with each step
    }

    @Override
    protected void hookOnNext(CrawlResult result) {
        done++;
        found += result instanceof CrawlResult.Found ? 1 : 0;
    }

    private void print() throws InterruptedException {
        System.out.println(done + " " + found + " " + heap() + " " + world.net.connections(world.crawler));
    }

    /** Collects until nothing more becomes free: finalizers run between two collections. */
    private static long heap() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int equal = 0; equal < 3; equal++) {
            long used = SmallHeap.used();
            Thread.sleep(20);
            if (used < least) {
                least = used;
                equal = 0;
            }
        }
        return least;
    }
}
