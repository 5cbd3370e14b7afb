/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.metadata.Torrent;
import reactor.core.publisher.Flux;
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
     */
    public record FlawedFile(Path path, Flaw flaw) {}

    /**
     * The result.
     *
     * @param total the number of pieces of the torrent
     * @param good the pieces that match
     * @param goodBytes the number of bytes of files in these pieces
     * @param files the files with flaws, in the order of the torrent
     */
    public record Result(int total, BitSet good, long goodBytes, List<FlawedFile> files) {

        /** Returns true if all pieces match and no file is missing, even an empty one. */
        public boolean isComplete() {
            return good.cardinality() == total && files.stream().allMatch(file -> file.flaw() == Flaw.LONG);
        }
    }

    private final Torrent torrent;
    private final Path data;
    private final FileLayout layout;
    private final Storage storage;
    private final Map<Integer, Flaw> flaws = new TreeMap<>();

    private Verification(Torrent torrent, Path data) throws IOException {
        if (!Files.exists(data)) {
            throw new NoSuchFileException(data.toString());
        }
        this.torrent = torrent;
        this.data = data;
        this.storage = Storage.reading(torrent, data);
        this.layout = storage.files();
    }

    /**
     * Verifies data. Fails if no file of the torrent is there.
     *
     * @param data the file or folder of the torrent, or the folder that contains it
     * @param progress is called with the number of pieces that have been read, one call at a time
     */
    public static Mono<Result> run(Torrent torrent, Path data, IntConsumer progress) {
        return Storage.offLoop(() -> new Verification(torrent, data).inspected())
                .flatMap(verification -> Mono.usingWhen(
                        Mono.just(verification.storage),
                        storage -> verification.pieces(progress).map(verification::result),
                        Storage::close));
    }

    // ---- files ----

    private Verification inspected() throws IOException {
        List<StoredFile> files = layout.all();
        int stored = 0;
        for (int i = 0; i < files.size(); i++) {
            if (!files.get(i).padding()) {
                stored++;
                inspect(i, files.get(i));
            }
        }
        long missing =
                flaws.values().stream().filter(flaw -> flaw == Flaw.MISSING).count();
        if (missing == stored) {
            throw new SwarmException("no file of the torrent is in " + data + "; check --data");
        }
        return this;
    }

    private void inspect(int index, StoredFile file) throws IOException {
        if (!Files.exists(file.path())) {
            flaws.put(index, Flaw.MISSING);
        } else if (!Files.isRegularFile(file.path())) {
            flaws.put(index, Flaw.OTHER);
        } else if (Files.size(file.path()) != file.length()) {
            flaws.put(index, Files.size(file.path()) < file.length() ? Flaw.SHORT : Flaw.LONG);
        }
    }

    // ---- pieces ----

    private Mono<BitSet> pieces(IntConsumer progress) {
        BitSet good = new BitSet();
        return Flux.range(0, torrent.pieceCount())
                .flatMap(
                        piece -> isReadable(piece) ? result(piece) : Mono.just(new Piece(piece, false)),
                        Runtime.getRuntime().availableProcessors())
                .index()
                .doOnNext(numbered -> {
                    Piece piece = numbered.getT2();
                    good.set(piece.index(), piece.good());
                    progress.accept((int) (numbered.getT1() + 1));
                })
                .then(Mono.just(good));
    }

    private record Piece(int index, boolean good) {}

    private Mono<Piece> result(int piece) {
        return storage.verify(piece).map(good -> new Piece(piece, good));
    }

    /** Returns false for a piece in a path that is no file: to open a pipe would wait for a writer. */
    private boolean isReadable(int piece) {
        return filesOf(piece).stream().noneMatch(file -> flaws.get(file) == Flaw.OTHER);
    }

    /** Returns the indices of the stored files with bytes in a piece. */
    private List<Integer> filesOf(int piece) {
        long at = storage.position(piece, 0);
        long end = at + storage.shape().pieceLength(piece);
        List<StoredFile> files = layout.all();
        List<Integer> found = new ArrayList<>();
        for (int i = layout.indexAt(at); i < files.size() && files.get(i).offset() < end; i++) {
            if (!files.get(i).padding() && files.get(i).length() > 0) {
                found.add(i);
            }
        }
        return found;
    }

    // ---- the result ----

    private Result result(BitSet good) {
        int total = torrent.pieceCount();
        for (int piece = good.nextClearBit(0); piece < total; piece = good.nextClearBit(piece + 1)) {
            blame(filesOf(piece));
        }
        List<FlawedFile> files = new ArrayList<>();
        flaws.forEach((index, flaw) ->
                files.add(new FlawedFile(layout.all().get(index).path(), flaw)));
        return new Result(total, good, Contents.of(torrent).length(good), List.copyOf(files));
    }

    /** Notes the files of a bad piece, unless one of them is known to lack bytes. */
    private void blame(List<Integer> files) {
        boolean isExplained = files.stream().map(flaws::get).anyMatch(Verification::lacksBytes);
        if (!isExplained) {
            Flaw flaw = files.size() == 1 ? Flaw.BAD : Flaw.SUSPECT;
            files.forEach(file -> flaws.merge(file, flaw, (known, news) -> known == Flaw.BAD ? known : news));
        }
    }

    private static boolean lacksBytes(@Nullable Flaw flaw) {
        return flaw == Flaw.MISSING || flaw == Flaw.OTHER || flaw == Flaw.SHORT;
    }
}
