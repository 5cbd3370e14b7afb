/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntConsumer;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.internal.store.Inspection;
import reactor.core.publisher.Mono;

/** A check of data on disk against a torrent. Opens files for reading only. */
public final class Verification {

    /** The flaws of a file on disk. */
    public enum Flaw {
        /** The file does not exist. */
        MISSING,
        /** The path is a folder or a special file, which is not read. */
        OTHER,
        /** The file is shorter than in the torrent. */
        SHORT,
        /** The file is longer than in the torrent. Its pieces may match. */
        LONG,
        /** A piece that is only in this file does not match. */
        BAD,
        /** A piece that is in several files does not match. Any of them may be the reason. */
        SUSPECT
    }

    /**
     * A file with a flaw.
     *
     * @param path the path on disk
     * @param flaw the flaw
     */
    public record FlawedFile(Path path, Flaw flaw) {}

    /**
     * The result.
     *
     * @param total the number of pieces of the torrent
     * @param good the pieces that match
     * @param goodBytes the number of bytes of files in these pieces, without padding
     * @param files the files with flaws, in the order of the torrent
     */
    public record Result(int total, BitSet good, long goodBytes, List<FlawedFile> files) {

        /** Copies the set and the list. */
        public Result {
            good = (BitSet) good.clone();
            files = List.copyOf(files);
        }

        /** Returns true if all pieces match and no file is missing, even an empty one. */
        public boolean isComplete() {
            return good.cardinality() == total && files.stream().allMatch(file -> file.flaw() == Flaw.LONG);
        }
    }

    private Verification() {}

    /**
     * Verifies data. Reads it on {@link reactor.core.scheduler.Schedulers#boundedElastic()}, where the result arrives.
     *
     * @param data the file or folder of the torrent, or the folder that contains it
     * @param progress called with the number of pieces that have been checked, one call at a time
     * @return the result. Fails with {@link StoreException} if no file of the torrent is there, or one cannot be read
     */
    public static Mono<Result> run(Torrent torrent, Path data, IntConsumer progress) {
        return Inspection.run(torrent, data, progress);
    }
}
