/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.peerwire.discovery.DhtEvent;
import org.peerwire.discovery.DhtOptions;

/**
 * The parts of a node that both of its sides use.
 *
 * @param rateOut the rate of our questions
 * @param rateIn the rates of the questions of others
 */
record Shared(
        DhtOptions options,
        DhtLoop loop,
        RandomGenerator random,
        DhtCounters counters,
        PeerStore store,
        Server server,
        TokenBucket rateOut,
        AskingRates rateIn,
        Broadcast<DhtEvent> events,
        Host host) {

    /** The node. */
    interface Host {
        /** Returns false before the start and after the close. */
        boolean isRunning();

        /** Returns the good nodes of a family; none if it is not in use. */
        List<Node> closest(Family family, NodeId target, int max);

        /** Takes notice that a side has another id, so that it has to find its new neighbours. */
        void renamed(Side side);
    }

    static Shared create(DhtOptions options, DhtLoop loop, Host host) {
        Long seed = options.seed();
        RandomGenerator random = seed == null ? secure() : new Random(seed);
        PeerStore store = new PeerStore(
                options.maxHashes(),
                options.maxPeersPerHash(),
                options.allowLocal() ? PeerStore.MAX_PEERS : PeerStore.MAX_PER_NETWORK,
                loop::now);
        Tokens tokens = new Tokens(random, loop::now);
        long now = loop.now();
        return new Shared(
                options,
                loop,
                random,
                new DhtCounters(),
                store,
                new Server(store, tokens, random, loop::now, options.sampling()),
                new TokenBucket(options.maxQueriesPerSecond(), options.maxQueriesPerSecond(), now),
                new AskingRates(options.maxAnswersPerSecond(), now),
                new Broadcast<>(loop),
                host);
    }

    /** Returns a generator that reads from the system only now: its later numbers do not block the loop. */
    private static SecureRandom secure() {
        try {
            SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
            random.nextInt(); // takes its seed
            return random;
        } catch (NoSuchAlgorithmException e) {
            return new SecureRandom();
        }
    }
}
