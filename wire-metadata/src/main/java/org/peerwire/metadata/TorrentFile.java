/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.nio.file.Path;
import java.util.List;

/**
 * One file of a torrent.
 *
 * @param path its place below the folder of the download: the name of the torrent and, if that is a folder, what is
 *     below it; no element leads out of that folder
 * @param length bytes in it
 * @param offset where it begins in the torrent, counted from the first byte of the first piece
 * @param padding whether it only fills up the piece before the next file, with zeros, and need not be stored (BEP 47)
 */
public record TorrentFile(List<String> path, long length, long offset, boolean padding) {

    /**
     * Copies and checks the path.
     *
     * @throws TorrentException if an element of the path is not the plain name of a file or folder
     */
    public TorrentFile {
        path = List.copyOf(path);
        if (path.isEmpty()) {
            throw new TorrentException("a file has no name");
        }
        path.forEach(TorrentFile::checkName);
    }

    /**
     * Its place on disk.
     *
     * @param folder the folder of the download
     * @throws java.nio.file.InvalidPathException if this system cannot have a file of that name
     */
    public Path under(Path folder) {
        Path place = folder;
        for (String element : path) {
            place = place.resolve(element);
        }
        return place;
    }

    /** The path with slashes. */
    @Override
    public String toString() {
        return String.join("/", path);
    }

    private static void checkName(String name) {
        boolean escapes = name.isEmpty() || name.equals(".") || name.equals("..");
        boolean separates = name.indexOf('/') >= 0 || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0;
        if (escapes || separates || hasDrive(name)) {
            throw new TorrentException(
                    "\"" + name.replaceAll("\\p{Cntrl}", "?") + "\" is not the plain name of a file or folder");
        }
    }

    /** On Windows {@code C:name} is a file in another folder, wherever in a path it stands. */
    private static boolean hasDrive(String name) {
        return name.length() >= 2 && name.charAt(1) == ':' && Character.isLetter(name.charAt(0));
    }
}
