/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peerwire.bencode.BencodeValue;

/** The files of a version 2 torrent: a tree of folders. Each file begins with its own piece (BEP 52). */
final class FileTree {
    private static final int ROOT_LENGTH = 32;

    private final String name;
    private final int pieceLength;
    private final List<TorrentFile> files = new ArrayList<>();
    private final Deque<String> place = new ArrayDeque<>();
    private long end;

    FileTree(String name, int pieceLength) {
        this.name = name;
        this.pieceLength = pieceLength;
    }

    List<TorrentFile> read(@Nullable BencodeValue tree) {
        Map<String, BencodeValue> top = tree == null ? Map.of() : tree.entries();
        BencodeValue only = top.size() == 1 ? top.get(name) : null;
        if (only == null || only.get("") == null) {
            place.addLast(name);
        }
        folder(top);
        if (files.isEmpty()) {
            throw TorrentException.malformed("file tree must have one or more files, had 0");
        }
        return List.copyOf(files);
    }

    /** Adds the files of a folder. The depth limit of the bencode decoder bounds the recursion. */
    private void folder(Map<String, BencodeValue> entries) {
        entries.forEach((key, value) -> {
            place.addLast(BencodeValue.of(key).asText().orElse(""));
            Map<String, BencodeValue> inside = value.entries();
            BencodeValue file = inside.get("");
            if (file != null && inside.size() > 1) {
                throw TorrentException.malformed("a file and a folder have the path " + FileEntry.printable(place));
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
        BencodeValue root = file.get("pieces root");
        int rootLength =
                root == null ? 0 : root.asBytes().map(bytes -> bytes.length).orElse(0);
        if (length > 0 && rootLength != ROOT_LENGTH) {
            throw TorrentException.malformed("pieces root of " + FileEntry.printable(place) + " must have "
                    + ROOT_LENGTH + " bytes, had " + rootLength);
        }
        long offset = length == 0 ? end : nextPiece();
        files.add(new TorrentFile(List.copyOf(place), length, offset, FileEntry.isPadding(file)));
        end = FileEntry.end(offset, length);
    }

    private long nextPiece() {
        long used = end % pieceLength;
        return used == 0 ? end : FileEntry.end(end, pieceLength - used);
    }
}
