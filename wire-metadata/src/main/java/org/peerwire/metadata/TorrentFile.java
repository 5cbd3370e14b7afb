/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.nio.file.Path;
import java.util.List;

/**
 * A file of a torrent.
 *
 * @param path the path below the download folder, which it cannot leave: the name of the torrent and, for a folder, the
 *     path inside it
 * @param length the length in bytes
 * @param offset the position of the first byte in the torrent
 * @param padding true if the file only fills a piece with zeros and need not be stored (BEP 47)
 */
public record TorrentFile(List<String> path, long length, long offset, boolean padding) {

    /**
     * Checks and copies the path.
     *
     * @throws TorrentException if an element of the path is not the plain name of a file or folder
     */
    public TorrentFile {
        path = List.copyOf(path);
        if (path.isEmpty()) {
            throw TorrentException.malformed("path must have one or more elements, had 0");
        }
        path.forEach(TorrentFile::checkName);
    }

    /**
     * Returns the path of the file on disk.
     *
     * @param folder the download folder
     * @throws java.nio.file.InvalidPathException if the file system does not allow the name
     */
    public Path under(Path folder) {
        return resolve(folder, path);
    }

    /**
     * Returns the path of the file on disk where the data of the torrent has another name or place.
     *
     * @param data the file of a torrent of one file, else the folder with the files
     * @throws java.nio.file.InvalidPathException if the file system does not allow the name
     */
    public Path inside(Path data) {
        return resolve(data, path.subList(1, path.size()));
    }

    private static Path resolve(Path folder, List<String> names) {
        Path place = folder;
        for (String name : names) {
            place = DiskNames.resolve(place, name);
        }
        return place;
    }

    /** Returns the path with slashes. */
    @Override
    public String toString() {
        return String.join("/", path);
    }

    private static void checkName(String name) {
        boolean escapes = name.isEmpty() || name.equals(".") || name.equals("..");
        boolean separates = name.indexOf('/') >= 0 || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0;
        if (escapes || separates || hasDrive(name)) {
            throw new TorrentException("unsafe file name: each element of a path must be a plain name, was \""
                    + FileEntry.printable(List.of(name)) + "\"; rename the file, or do not use the torrent");
        }
    }

    /** Returns true for {@code C:name}, which leaves the folder on Windows at any position of a path. */
    private static boolean hasDrive(String name) {
        return name.length() >= 2 && name.charAt(1) == ':' && Character.isLetter(name.charAt(0));
    }
}
