/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.Verification;
import org.peerwire.swarm.Verification.Flaw;
import org.peerwire.swarm.Verification.FlawedFile;
import org.peerwire.swarm.internal.store.FileLayout.Part;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A check of data on disk against a torrent, file by file. Opens files for reading only. */
public final class Inspection {
    private final Torrent torrent;
    private final DiskTasks tasks;
    private final FileLayout layout;
    private final FileBytes bytes;
    private final long[] lengths;
    private final Map<Integer, Flaw> flaws = new TreeMap<>();

    private Inspection(Torrent torrent, DiskTasks tasks, FileLayout layout, FileBytes bytes) {
        this.torrent = torrent;
        this.tasks = tasks;
        this.layout = layout;
        this.bytes = bytes;
        this.lengths = layout.lengths();
        for (int i = 0; i < lengths.length; i++) {
            StoredFile file = layout.all().get(i);
            Flaw flaw = file.padding() ? null : flaw(file, lengths[i]);
            if (flaw != null) {
                flaws.put(i, flaw);
            }
        }
    }

    private static @Nullable Flaw flaw(StoredFile file, long length) {
        if (length < 0) {
            return Files.exists(file.path()) ? Flaw.OTHER : Flaw.MISSING;
        }
        if (length < file.length()) {
            return Flaw.SHORT;
        }
        return length > file.length() ? Flaw.LONG : null;
    }

    /**
     * Checks data.
     *
     * @param data the file or folder of the torrent, or the folder that contains it
     * @param progress called with the number of pieces that have been checked, one call at a time
     * @return the result. Fails with {@link org.peerwire.swarm.StoreException}
     */
    public static Mono<Verification.Result> run(Torrent torrent, Path data, IntConsumer progress) {
        return Mono.defer(() -> {
            Closing closing = new Closing();
            DiskTasks tasks = new DiskTasks(closing::end);
            return Mono.usingWhen(
                    Mono.just(tasks),
                    open -> open.run(() -> closing.inspection(torrent, open, data))
                            .flatMap(inspection -> inspection.pieces(progress).map(inspection::result)),
                    DiskTasks::close);
        });
    }

    /** The files to close after the last task. */
    private static final class Closing {
        private volatile @Nullable FileBytes bytes;

        Inspection inspection(Torrent torrent, DiskTasks tasks, Path data) {
            Failures.requireHashes(torrent);
            FileLayout layout = DiskStore.existing(torrent, data);
            FileBytes opened = new FileBytes(layout, file -> {});
            bytes = opened;
            return new Inspection(torrent, tasks, layout, opened);
        }

        boolean end() throws IOException {
            FileBytes opened = bytes;
            if (opened != null) {
                opened.close();
            }
            return true;
        }
    }

    private record Checked(int piece, boolean isRight) {}

    private Mono<BitSet> pieces(IntConsumer progress) {
        BitSet good = new BitSet();
        return Flux.range(0, torrent.pieceCount())
                .flatMap(this::check, Runtime.getRuntime().availableProcessors())
                .index((number, checked) -> {
                    good.set(checked.piece(), checked.isRight());
                    progress.accept((int) (number + 1));
                    return number;
                })
                .then(Mono.just(good));
    }

    /** Does not read a piece whose bytes are not all there. To open a pipe would wait for a writer. */
    private Mono<Checked> check(int piece) {
        return layout.hasBytes(piece, lengths)
                ? tasks.run(() -> new Checked(piece, bytes.isRight(piece, torrent)))
                : Mono.just(new Checked(piece, false));
    }

    // ---- the result ----

    private Verification.Result result(BitSet good) {
        int total = torrent.pieceCount();
        long goodBytes = 0;
        for (int piece = 0; piece < total; piece++) {
            List<Part> parts = layout.parts(piece).stream()
                    .filter(part -> !part.file().padding())
                    .toList();
            if (good.get(piece)) {
                goodBytes += parts.stream().mapToLong(Part::length).sum();
            } else {
                blame(parts.stream().map(Part::index).toList());
            }
        }
        List<FlawedFile> files = new ArrayList<>();
        flaws.forEach((index, flaw) ->
                files.add(new FlawedFile(layout.all().get(index).path(), flaw)));
        return new Verification.Result(total, good, goodBytes, files);
    }

    /** Notes the files of a bad piece, unless one of them is known to lack bytes. */
    private void blame(List<Integer> files) {
        boolean isExplained = files.stream().map(flaws::get).anyMatch(Inspection::lacksBytes);
        if (!isExplained) {
            Flaw flaw = files.size() == 1 ? Flaw.BAD : Flaw.SUSPECT;
            files.forEach(file -> flaws.merge(file, flaw, (known, news) -> known == Flaw.BAD ? known : news));
        }
    }

    private static boolean lacksBytes(@Nullable Flaw flaw) {
        return flaw == Flaw.MISSING || flaw == Flaw.OTHER || flaw == Flaw.SHORT;
    }
}
