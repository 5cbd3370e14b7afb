/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeValue;

/** A valid info dictionary of any version (BEP 3, 47, 52). Its constructor checks all values that could do harm. */
final class InfoDictionary {
    /** The limits for torrent files: far above real ones, and small enough to read hostile ones. */
    static final BencodeLimits LIMITS = new BencodeLimits(64, 2_500_000);

    private static final int MIN_V2_PIECE = 16 * 1024;

    final byte[] bytes;
    final String name;
    final int pieceLength;
    final boolean isPrivate;
    final List<TorrentFile> files;
    final long length;
    final byte @Nullable [] pieces;
    final InfoHashes hashes;

    InfoDictionary(BencodeValue info) {
        Map<String, BencodeValue> entries = info.entries();
        if (info.kind() != BencodeValue.Kind.DICTIONARY) {
            throw TorrentException.malformed("info must be a dictionary, was " + FileEntry.printable(info));
        }
        bytes = info.encoded();
        name = text(entries, "name");
        isPrivate = isPrivate(entries.get("private"));
        boolean v2 = isV2(entries);
        pieceLength = pieceLength(entries, v2);
        BencodeValue hashList = entries.get("pieces");
        if (hashList == null && !v2) {
            throw TorrentException.malformed("pieces must be a string of hashes, was absent");
        }
        if (hashList != null) {
            pieces = hashList.asBytes()
                    .orElseThrow(() -> TorrentException.malformed(
                            "pieces must be a string of hashes, was " + FileEntry.printable(hashList)));
            files = v1Files(entries);
            hashes = v2
                    ? InfoHashes.hybrid(InfoHashes.sha1(bytes), InfoHashes.sha256(bytes))
                    : InfoHashes.of(InfoHashes.sha1(bytes));
        } else {
            pieces = null;
            files = new FileTree(name, pieceLength).read(entries.get("file tree"));
            hashes = InfoHashes.of(InfoHashes.sha256(bytes));
        }
        checkPaths(files);
        length = end(files);
        checkPieceCount();
    }

    /** Returns true for any integer but 0, also one outside 64 bits: a torrent must not lose its privacy. */
    private static boolean isPrivate(@Nullable BencodeValue value) {
        return value != null
                && value.kind() == BencodeValue.Kind.INTEGER
                && value.asLong().orElse(1) != 0;
    }

    private static boolean isV2(Map<String, BencodeValue> entries) {
        long version = number(entries, "meta version").orElse(1);
        if (version != 1 && version != 2) {
            throw new TorrentException(
                    "unknown torrent version: meta version must be 1 or 2, was " + version + "; use a newer program");
        }
        return version == 2;
    }

    private static int pieceLength(Map<String, BencodeValue> entries, boolean v2) {
        long pieceLength = number(entries, "piece length").orElse(-1);
        boolean fits = pieceLength > 0 && pieceLength <= Integer.MAX_VALUE;
        if (!fits || (v2 && (pieceLength < MIN_V2_PIECE || Long.bitCount(pieceLength) != 1))) {
            String allowed =
                    v2 ? "a power of two from " + MIN_V2_PIECE + " to " + (1 << 30) : "1 to " + Integer.MAX_VALUE;
            throw TorrentException.malformed(
                    "piece length must be " + allowed + ", was " + FileEntry.printable(entries.get("piece length")));
        }
        return (int) pieceLength;
    }

    private void checkPieceCount() {
        long count = length / pieceLength + (length % pieceLength == 0 ? 0 : 1);
        if (count > Integer.MAX_VALUE) {
            throw TorrentException.malformed("the number of pieces must be at most " + Integer.MAX_VALUE + ", was "
                    + count + ": " + length + " bytes in pieces of " + pieceLength);
        }
        if (pieces != null && (pieces.length % 20 != 0 || pieces.length / 20 != count)) {
            throw TorrentException.malformed(
                    "pieces must have 20 bytes for each of " + count + " pieces, had " + pieces.length);
        }
    }

    // ---- the files of version 1 ----

    private List<TorrentFile> v1Files(Map<String, BencodeValue> entries) {
        BencodeValue list = entries.get("files");
        if (list == null) {
            return List.of(new TorrentFile(List.of(name), FileEntry.length(entries), 0, false));
        }
        List<TorrentFile> found = new ArrayList<>();
        long offset = 0;
        for (BencodeValue item : list.items()) {
            Map<String, BencodeValue> file = item.entries();
            long fileLength = FileEntry.length(file);
            found.add(new TorrentFile(v1Path(file), fileLength, offset, FileEntry.isPadding(file)));
            offset = FileEntry.end(offset, fileLength);
        }
        if (found.isEmpty()) {
            throw TorrentException.malformed("files must have one or more entries, had 0");
        }
        return List.copyOf(found);
    }

    private List<String> v1Path(Map<String, BencodeValue> file) {
        BencodeValue elements = file.containsKey("path.utf-8") ? file.get("path.utf-8") : file.get("path");
        List<String> path = new ArrayList<>();
        path.add(name);
        if (elements != null) {
            elements.items().forEach(element -> path.add(element.asText().orElse("")));
        }
        if (path.size() == 1) {
            throw TorrentException.malformed("the path of each file must have one or more elements, had 0");
        }
        return path;
    }

    // ---- shared with version 2 ----

    /** Refuses two files at one path, and a file at the path of a folder. Padding is never stored, so it may repeat. */
    private static void checkPaths(List<TorrentFile> files) {
        List<List<String>> paths = files.stream()
                .filter(file -> !file.padding())
                .map(TorrentFile::path)
                .sorted(InfoDictionary::compare)
                .toList();
        for (int i = 1; i < paths.size(); i++) {
            List<String> before = paths.get(i - 1);
            List<String> path = paths.get(i);
            // sorted, so the content of a folder follows its path at once
            if (before.size() <= path.size() && before.equals(path.subList(0, before.size()))) {
                String clash = before.size() == path.size() ? "two files" : "a file and a folder";
                throw TorrentException.malformed(clash + " have the path " + FileEntry.printable(before));
            }
        }
    }

    private static int compare(List<String> left, List<String> right) {
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            if (!left.get(i).equals(right.get(i))) {
                return left.get(i).compareTo(right.get(i));
            }
        }
        return left.size() - right.size();
    }

    private static long end(List<TorrentFile> files) {
        return files.stream()
                .mapToLong(file -> file.offset() + file.length())
                .max()
                .orElse(0);
    }

    private static String text(Map<String, BencodeValue> entries, String key) {
        BencodeValue value = entries.containsKey(key + ".utf-8") ? entries.get(key + ".utf-8") : entries.get(key);
        if (value == null) {
            throw TorrentException.malformed(key + " must be a string, was absent");
        }
        return value.asText()
                .orElseThrow(
                        () -> TorrentException.malformed(key + " must be a string, was " + FileEntry.printable(value)));
    }

    private static OptionalLong number(Map<String, BencodeValue> entries, String key) {
        BencodeValue value = entries.get(key);
        return value == null ? OptionalLong.empty() : value.asLong();
    }
}
