/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.peerwire.message.BlockRequest;

/**
 * The blocks of failed pieces, until the right piece proves who has sent a wrong one. Keeps a checksum of each block, for
 * the newest 64 failures. A checksum cannot accuse the honest: equal blocks have equal checksums. Not thread-safe.
 */
final class Suspects<P> {
    private static final int MAX_FAILURES = 64;

    private final Map<Integer, List<Suspect<P>>> suspects = new LinkedHashMap<>();
    private int failures;

    private record Suspect<P>(P sender, BlockRequest block, long checksum) {}

    /** Keeps the blocks of a failed piece. */
    void add(int piece, List<@Nullable P> senders, List<BlockRequest> blocks, ToLongFunction<BlockRequest> checksum) {
        if (failures >= MAX_FAILURES) {
            suspects.remove(suspects.keySet().iterator().next());
            failures = suspects.size();
        }
        failures++;
        List<Suspect<P>> all = suspects.computeIfAbsent(piece, p -> new ArrayList<>());
        for (int i = 0; i < senders.size(); i++) {
            P sender = senders.get(i);
            if (sender != null) {
                BlockRequest block = blocks.get(i);
                all.add(new Suspect<>(sender, block, checksum.applyAsLong(block)));
            }
        }
    }

    /** Returns the senders of blocks that differ from those of the verified piece, and forgets the piece. */
    Set<P> liars(int piece, ToLongFunction<BlockRequest> checksum) {
        Set<P> liars = new LinkedHashSet<>();
        List<Suspect<P>> all = suspects.remove(piece);
        if (all != null) {
            for (Suspect<P> suspect : all) {
                if (suspect.checksum() != checksum.applyAsLong(suspect.block())) {
                    liars.add(suspect.sender());
                }
            }
            failures = suspects.size();
        }
        return liars;
    }
}
