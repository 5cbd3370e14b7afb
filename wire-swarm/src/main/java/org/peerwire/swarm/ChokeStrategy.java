/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.peerwire.PeerId;

/**
 * A ranking of the interested peers, for the choice of those that we unchoke. Called every 10 seconds on the thread of
 * the swarm; must not block. The first peers get the upload slots. One further slot goes to another peer by chance, for
 * 30 seconds at a time (BEP 3, optimistic unchoke).
 */
@FunctionalInterface
public interface ChokeStrategy {

    /**
     * Returns candidates of the round that may get a slot, the best first. A peer that is left out gets no slot but the
     * one that goes by chance. If this throws, the peers keep the order of their age.
     */
    List<Candidate> rank(Round round);

    /**
     * The facts of one decision.
     *
     * @param isSeed true if we want nothing
     * @param slots the number of upload slots
     * @param candidates the interested peers
     * @param random the source of randomness of the swarm
     */
    record Round(boolean isSeed, int slots, List<Candidate> candidates, RandomGenerator random) {

        /** Copies the list. */
        public Round {
            candidates = List.copyOf(candidates);
        }
    }

    /**
     * An interested peer.
     *
     * @param id the peer id
     * @param isUnchoked true if it is unchoked now
     * @param downloadRate the bytes per second that we get from it, over the last 20 seconds
     * @param uploadRate the bytes per second that it gets from us, over the last 20 seconds
     * @param isSnubbing true if it sends nothing although it has been asked for a minute
     */
    record Candidate(PeerId id, boolean isUnchoked, long downloadRate, long uploadRate, boolean isSnubbing) {}

    /**
     * Returns the strategy of BEP 3. While we download, the peers that send us most are first; a peer that snubs us is
     * left out. As a seed, the peers that take most are first. Equal peers are in random order.
     */
    static ChokeStrategy reciprocation() {
        return round -> {
            List<Candidate> fair = shuffled(round);
            if (round.isSeed()) {
                fair.sort(Comparator.comparingLong(Candidate::uploadRate).reversed());
            } else {
                fair.removeIf(Candidate::isSnubbing);
                fair.sort(Comparator.comparingLong(Candidate::downloadRate).reversed());
            }
            return fair;
        };
    }

    /** Returns a strategy that ranks by chance. It gives to peers that give nothing. */
    static ChokeStrategy random() {
        return ChokeStrategy::shuffled;
    }

    private static List<Candidate> shuffled(Round round) {
        List<Candidate> all = new ArrayList<>(round.candidates());
        for (int i = all.size() - 1; i > 0; i--) {
            Collections.swap(all, i, round.random().nextInt(i + 1));
        }
        return all;
    }
}
