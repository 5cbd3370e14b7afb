/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.metadata.TorrentFile.Attribute;

/** The files of a version 2 torrent: a tree of folders. Each file begins with its own piece (BEP 52). */
final class FileTree {
    private static final int ROOT_LENGTH = 32;

    /** The maximum number of elements of all paths: a folder is one value of the tree, but part of each path below it. */
    private static final int MAX_ELEMENTS = 2_500_000;

    private final BencodeValue name;
    private final int pieceLength;
    private final boolean isFolder;
    private final List<RawFile> files = new ArrayList<>();
    private final Deque<BencodeValue> place = new ArrayDeque<>();
    private long end;
    private int elements;

    /**
     * Creates a reader.
     *
     * @param isFolder true if the version 1 half of a hybrid has a folder; a single file of its name is then inside it
     */
    FileTree(BencodeValue name, int pieceLength, boolean isFolder) {
        this.name = name;
        this.pieceLength = pieceLength;
        this.isFolder = isFolder;
    }

    List<RawFile> read(Map<String, BencodeValue> top) {
        if (isFolder || !isSingleFile(top)) {
            place.addLast(name);
        }
        folder(top);
        if (files.isEmpty()) {
            throw TorrentException.malformed("file tree must have one or more files, had 0");
        }
        return files;
    }

    private boolean isSingleFile(Map<String, BencodeValue> top) {
        return top.size() == 1
                && top.entrySet().stream()
                        .allMatch(entry ->
                                isName(entry.getKey()) && entry.getValue().get("") != null);
    }

    private boolean isName(String key) {
        return Arrays.equals(
                name.asBytes().orElseThrow(), BencodeValue.of(key).asBytes().orElseThrow());
    }

    /** Adds the files of a folder. The depth limit of the bencode decoder bounds the recursion. */
    private void folder(Map<String, BencodeValue> entries) {
        entries.forEach((key, value) -> {
            place.addLast(BencodeValue.of(key));
            Map<String, BencodeValue> inside = value.entries();
            BencodeValue file = inside.get("");
            if (file != null && inside.size() > 1) {
                throw TorrentException.malformed("a file and a folder have the path " + Printable.rawPath(place));
            }
            if (file != null) {
                file(file.entries());
            } else {
                folder(inside);
            }
            place.removeLast();
        });
    }

    private void file(Map<String, BencodeValue> file) {
        long length = FileEntry.length(file);
        Set<Attribute> attributes = FileEntry.attributes(file);
        if (attributes.contains(Attribute.PADDING)) {
            throw TorrentException.malformed(
                    "file tree must have no padding, because its files begin with a piece, had "
                            + Printable.rawPath(place));
        }
        BencodeValue root = file.get("pieces root");
        int rootLength =
                root == null ? 0 : root.asBytes().map(bytes -> bytes.length).orElse(0);
        if (length > 0 && rootLength != ROOT_LENGTH) {
            throw TorrentException.malformed("pieces root of " + Printable.rawPath(place) + " must have " + ROOT_LENGTH
                    + " bytes, had " + rootLength);
        }
        elements += place.size();
        if (elements > MAX_ELEMENTS) {
            throw TorrentException.malformed(
                    "the paths in file tree must have at most " + MAX_ELEMENTS + " elements together, had more");
        }
        long offset = length == 0 ? end : nextPiece();
        files.add(new RawFile(List.copyOf(place), length, offset, attributes));
        end = FileEntry.end(offset, length);
    }

    private long nextPiece() {
        long used = end % pieceLength;
        return used == 0 ? end : FileEntry.end(end, pieceLength - used);
    }
}
