/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.peerwire.TorrentShape;
import org.peerwire.metadata.PathRules;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentFile;

/**
 * The files of a torrent and their offsets.
 *
 * @param all the files, in the order of the torrent
 * @param shape the lengths of the torrent and its pieces
 */
record FileLayout(List<StoredFile> all, TorrentShape shape) {

    /**
     * A range of bytes of one file, at least one.
     *
     * @param index the index of the file
     * @param file the file
     * @param from the offset of the first byte within the file
     * @param length the number of bytes
     */
    record Part(int index, StoredFile file, long from, int length) {

        /** Returns the offset after the last byte within the file. */
        long end() {
            return from + length;
        }
    }

    /** Returns the files of a torrent in a folder, which may not exist yet. Blocks. */
    static FileLayout under(Path folder, Torrent torrent) {
        return under(folder, torrent, Volumes.rules(folder, torrent));
    }

    /** Returns the files of a torrent in a folder of a file system with these rules. */
    static FileLayout under(Path folder, Torrent torrent, PathRules rules) {
        return layout(torrent, locate(torrent.files(rules), file -> file.under(folder)));
    }

    /**
     * Returns the existing files of a torrent. Blocks.
     *
     * @param data the file or folder of the torrent, or the folder that contains it
     */
    static FileLayout existing(Torrent torrent, Path data) {
        List<TorrentFile> files = torrent.files();
        boolean isOneFile = files.size() == 1 && files.get(0).path().size() == 1;
        List<StoredFile> inside = locate(files, file -> file.under(data));
        List<StoredFile> itself = locate(files, file -> file.inside(data));
        boolean isItself = isOneFile ? !Files.isDirectory(data) : firstIsThere(itself) || !firstIsThere(inside);
        return layout(torrent, isItself ? itself : inside);
    }

    /** Returns true if the first file that is not empty exists with the right length. */
    private static boolean firstIsThere(List<StoredFile> files) {
        return files.stream()
                .filter(file -> !file.padding() && file.length() > 0)
                .limit(1)
                .anyMatch(file -> Volumes.size(file.path()) == file.length());
    }

    private static FileLayout layout(Torrent torrent, List<StoredFile> files) {
        Failures.requireHashes(torrent);
        return new FileLayout(files, torrent.shape());
    }

    private static List<StoredFile> locate(List<TorrentFile> files, Function<TorrentFile, Path> place) {
        return files.stream()
                .map(file -> new StoredFile(
                        place.apply(file), file.offset(), file.length(), file.padding(), file.executable()))
                .toList();
    }

    /** Returns the files on disk: all but padding. */
    List<StoredFile> stored() {
        return all.stream().filter(file -> !file.padding()).toList();
    }

    /** Returns the offset of a byte within the torrent. */
    long position(int piece, int offset) {
        return (long) piece * shape.pieceLength() + offset;
    }

    /** Returns the parts of a piece, padding included. */
    List<Part> parts(int piece) {
        return parts(position(piece, 0), shape.pieceLength(piece));
    }

    /** Returns the parts of the files that together are a range of bytes of the torrent, padding included. */
    List<Part> parts(long at, int length) {
        List<Part> parts = new ArrayList<>(1);
        long end = at + length;
        for (int i = indexAt(at); at < end; i++) {
            StoredFile file = all.get(i);
            if (file.length() > 0) {
                int count = (int) (Math.min(end, file.end()) - at);
                parts.add(new Part(i, file, at - file.offset(), count));
                at += count;
            }
        }
        return parts;
    }

    /** Returns the lengths of the files on disk, in the order of the torrent; -1 for one that is no file. Blocks. */
    long[] lengths() {
        return all.stream()
                .flatMapToLong(file -> LongStream.of(file.padding() ? file.length() : Volumes.size(file.path())))
                .toArray();
    }

    /** Returns true if all bytes of a piece can be read from files of these lengths. */
    boolean hasBytes(int piece, long[] lengths) {
        return parts(piece).stream().allMatch(part -> part.end() <= lengths[part.index()]);
    }

    /** Returns the index of the file with the byte at {@code at}, which is never an empty file. */
    int indexAt(long at) {
        int low = 0;
        int high = all.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (all.get(middle).end() > at) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
