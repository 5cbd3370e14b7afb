/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import org.jspecify.annotations.Nullable;

/**
 * The facts about one {@link RangeSource}.
 *
 * @param name the name of the source
 * @param state the state
 * @param received the bytes of blocks that it has sent and that were missing
 * @param wasted the bytes of blocks that it has sent and that had arrived from others before
 * @param reads the number of ranges that were requested
 * @param failures the number of reads that have failed
 * @param failedPieces the number of failed pieces in which it has at least one block
 * @param problem the last failure or the proof of a lie, for people; null if there was none
 */
public record SourceStats(
        String name,
        State state,
        long received,
        long wasted,
        long reads,
        long failures,
        long failedPieces,
        @Nullable String problem) {

    /** The states of a source. */
    public enum State {
        /** Nothing is read. */
        IDLE,
        /** At least one range is read. */
        READING,
        /** The source has failed, and is read again later. */
        WAITING,
        /** The source is not read again, because it does not have the data. */
        GIVEN_UP,
        /** The source is not read again, because it has sent wrong data. */
        BANNED
    }
}
