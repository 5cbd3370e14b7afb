/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.peerwire.bencode.BencodeValue;

/**
 * A file of a torrent. Its path is safe: unusual names of the torrent are changed, so that they are plain names and
 * different from each other.
 *
 * @param path the path below the download folder, which it cannot leave: the name of the torrent and, for a folder, the
 *     path inside it
 * @param length the length in bytes
 * @param offset the position of the first byte in the torrent
 * @param attributes the attributes (BEP 47)
 * @param rawPath the path as the torrent has it, with the name of the torrent; each element is of any kind and content
 */
public record TorrentFile(
        List<String> path, long length, long offset, Set<Attribute> attributes, List<BencodeValue> rawPath) {

    /** The attributes of a file (BEP 47). */
    public enum Attribute {
        /** The file only fills a piece with zeros, and need not be stored. */
        PADDING,
        /** The file is a program. */
        EXECUTABLE,
        /** The author had a symbolic link here. It has no data, and an empty file replaces it. */
        LINK
    }

    /**
     * Checks and copies the lists.
     *
     * @throws TorrentException if an element of the path is not the plain name of a file or folder
     */
    public TorrentFile {
        path = List.copyOf(path);
        attributes = Set.copyOf(attributes);
        rawPath = List.copyOf(rawPath);
        if (path.isEmpty()) {
            throw TorrentException.malformed("path must have one or more elements, had 0");
        }
        path.forEach(TorrentFile::checkName);
    }

    /**
     * Creates a file with the same raw path.
     *
     * @throws TorrentException if an element of the path is not the plain name of a file or folder
     */
    public TorrentFile(List<String> path, long length, long offset, boolean padding) {
        this(
                path,
                length,
                offset,
                padding ? Set.of(Attribute.PADDING) : Set.of(),
                path.stream().map(BencodeValue::of).toList());
    }

    /** Returns true if the file only fills a piece with zeros, and need not be stored (BEP 47). */
    public boolean padding() {
        return attributes.contains(Attribute.PADDING);
    }

    /** Returns true if the file is a program. */
    public boolean executable() {
        return attributes.contains(Attribute.EXECUTABLE);
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
        if (escapes || separates || (File.separatorChar == '\\' && name.indexOf(':') >= 0)) {
            throw new TorrentException("unsafe file name: each element of a path must be a plain name, was \""
                    + Printable.path(List.of(name)) + "\"; rename the file, or do not use the torrent");
        }
    }
}
