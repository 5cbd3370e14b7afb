/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentFile;

/**
 * Where the bytes of a torrent lie.
 *
 * @param all the files, in the order of the torrent
 */
record FileLayout(List<StoredFile> all) {

    /** Files to be made in a folder. */
    static FileLayout under(Path folder, Torrent torrent) {
        return new FileLayout(locate(torrent, file -> file.under(folder)));
    }

    /**
     * Files that are there.
     *
     * @param data the file or folder itself, or the folder it is in
     */
    static FileLayout existing(Torrent torrent, Path data) {
        boolean oneFile =
                torrent.files().size() == 1 && torrent.files().get(0).path().size() == 1;
        List<StoredFile> inside = locate(torrent, file -> file.under(data));
        List<StoredFile> itself = locate(torrent, file -> {
            Path place = data;
            for (String name : file.path().subList(1, file.path().size())) {
                place = place.resolve(name);
            }
            return place;
        });
        boolean isItself = oneFile ? !Files.isDirectory(data) : firstIsThere(itself) || !firstIsThere(inside);
        return new FileLayout(isItself ? itself : inside);
    }

    /** Whether the first file that is not empty has its length. */
    private static boolean firstIsThere(List<StoredFile> files) {
        return files.stream()
                .filter(file -> !file.padding() && file.length() > 0)
                .limit(1)
                .anyMatch(file -> file.path().toFile().length() == file.length());
    }

    private static List<StoredFile> locate(Torrent torrent, Function<TorrentFile, Path> place) {
        if (!torrent.hasPieceHashes()) {
            throw new SwarmException(
                    "this is a version 2 torrent, for which this program has no hash trees: " + torrent);
        }
        try {
            return torrent.files().stream()
                    .map(file -> new StoredFile(place.apply(file), file.offset(), file.length(), file.padding()))
                    .toList();
        } catch (InvalidPathException e) {
            throw new SwarmException("the torrent has a file name this system cannot have: " + e.getInput());
        }
    }

    StoredFile fileAt(long at) {
        return all.get(indexAt(at));
    }

    /** The file with the byte at {@code at}; empty files have none. */
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
