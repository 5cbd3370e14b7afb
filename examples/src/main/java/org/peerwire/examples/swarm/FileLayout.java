/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.peerwire.metadata.PathRules;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentFile;

/**
 * The files of a torrent and their offsets.
 *
 * @param all the files, in the order of the torrent
 */
record FileLayout(List<StoredFile> all) {

    /** Returns the files of a torrent in a folder, which may not exist yet. */
    static FileLayout under(Path folder, Torrent torrent) {
        return under(folder, torrent, Volumes.rules(folder, torrent));
    }

    /** Returns the files of a torrent in a folder of a file system with these rules. */
    static FileLayout under(Path folder, Torrent torrent, PathRules rules) {
        return new FileLayout(locate(torrent, torrent.files(rules), file -> file.under(folder)));
    }

    /**
     * Returns the existing files of a torrent.
     *
     * @param data the file or folder of the torrent, or the folder that contains it
     */
    static FileLayout existing(Torrent torrent, Path data) {
        List<TorrentFile> files = torrent.files();
        boolean oneFile = files.size() == 1 && files.get(0).path().size() == 1;
        List<StoredFile> inside = locate(torrent, files, file -> file.under(data));
        List<StoredFile> itself = locate(torrent, files, file -> file.inside(data));
        boolean isItself = oneFile ? !Files.isDirectory(data) : firstIsThere(itself) || !firstIsThere(inside);
        return new FileLayout(isItself ? itself : inside);
    }

    /** Returns whether the first file that is not empty exists with the right length. */
    private static boolean firstIsThere(List<StoredFile> files) {
        return files.stream()
                .filter(file -> !file.padding() && file.length() > 0)
                .limit(1)
                .anyMatch(file -> Volumes.size(file.path()) == file.length());
    }

    private static List<StoredFile> locate(
            Torrent torrent, List<TorrentFile> files, Function<TorrentFile, Path> place) {
        if (!torrent.hasPieceHashes()) {
            throw new SwarmException("version 2 torrents without SHA-1 piece hashes are not supported, was " + torrent);
        }
        try {
            return files.stream()
                    .map(file -> new StoredFile(
                            place.apply(file), file.offset(), file.length(), file.padding(), file.executable()))
                    .toList();
        } catch (InvalidPathException e) {
            throw new SwarmException("the torrent names a file that this system cannot store: " + e.getInput());
        }
    }

    StoredFile fileAt(long at) {
        return all.get(indexAt(at));
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
