/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeValue;

/** The info dictionary, read and checked (BEP 3, 47, 52). */
final class InfoDictionary {
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
            throw new TorrentException("the info of the torrent is not a dictionary");
        }
        bytes = info.encoded();
        name = text(entries, "name");
        isPrivate = number(entries, "private").orElse(0) == 1;
        boolean v2 = isV2(entries);
        pieceLength = pieceLength(entries, v2);
        BencodeValue hashList = entries.get("pieces");
        if (hashList == null && !v2) {
            throw new TorrentException("the torrent has no piece hashes");
        }
        if (hashList != null) {
            pieces = hashList.asBytes().orElseThrow(() -> new TorrentException("the piece hashes are not a string"));
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

    private static boolean isV2(Map<String, BencodeValue> entries) {
        long version = number(entries, "meta version").orElse(1);
        if (version != 1 && version != 2) {
            throw new TorrentException("the torrent is of version " + version + ", only 1 and 2 are known");
        }
        return version == 2;
    }

    private static int pieceLength(Map<String, BencodeValue> entries, boolean v2) {
        long pieceLength = number(entries, "piece length")
                .orElseThrow(() -> new TorrentException("the torrent has no piece length"));
        boolean fits = pieceLength > 0 && pieceLength <= Integer.MAX_VALUE;
        if (!fits || (v2 && (pieceLength < MIN_V2_PIECE || Long.bitCount(pieceLength) != 1))) {
            throw new TorrentException("a piece length of " + pieceLength + " cannot be");
        }
        return (int) pieceLength;
    }

    private void checkPieceCount() {
        long count = length / pieceLength + (length % pieceLength == 0 ? 0 : 1);
        if (count > Integer.MAX_VALUE) {
            throw new TorrentException(length + " bytes are too many for pieces of " + pieceLength);
        }
        if (pieces != null && (pieces.length % 20 != 0 || pieces.length / 20 != count)) {
            throw new TorrentException(
                    "the torrent has " + count + " pieces, but " + pieces.length + " bytes of piece hashes of 20 each");
        }
    }

    // ---- the files of version 1 ----

    private List<TorrentFile> v1Files(Map<String, BencodeValue> entries) {
        BencodeValue list = entries.get("files");
        if (list == null) {
            return List.of(new TorrentFile(List.of(name), fileLength(entries), 0, false));
        }
        List<TorrentFile> found = new ArrayList<>();
        long offset = 0;
        for (BencodeValue item : list.items()) {
            Map<String, BencodeValue> file = item.entries();
            long fileLength = fileLength(file);
            found.add(new TorrentFile(v1Path(file), fileLength, offset, isPadding(file)));
            offset = add(offset, fileLength);
        }
        if (found.isEmpty()) {
            throw new TorrentException("the torrent has no files");
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
            throw new TorrentException("a file in \"" + name + "\" has no name");
        }
        return path;
    }

    // ---- shared with version 2 ----

    static long fileLength(Map<String, BencodeValue> file) {
        long length = number(file, "length").orElse(-1);
        if (length < 0) {
            throw new TorrentException("a file of the torrent has no length, or a negative one");
        }
        return length;
    }

    static boolean isPadding(Map<String, BencodeValue> file) {
        BencodeValue attributes = file.get("attr");
        return attributes != null && attributes.asText().orElse("").indexOf('p') >= 0;
    }

    static long add(long offset, long more) {
        if (more > Long.MAX_VALUE - offset) {
            throw new TorrentException("the files are longer than any disk");
        }
        return offset + more;
    }

    /** No two files may be at one place, and none where the folder of another has to be: padding is never written. */
    private static void checkPaths(List<TorrentFile> files) {
        List<List<String>> paths = files.stream()
                .filter(file -> !file.padding())
                .map(TorrentFile::path)
                .sorted(InfoDictionary::compare)
                .toList();
        for (int i = 1; i < paths.size(); i++) {
            List<String> before = paths.get(i - 1);
            List<String> path = paths.get(i);
            // In this order what is inside a folder follows its path at once.
            if (before.size() <= path.size() && before.equals(path.subList(0, before.size()))) {
                String clash = before.size() == path.size() ? "two files" : "a file and a folder";
                throw new TorrentException("the torrent has " + clash + " at " + printable(before));
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

    static String printable(Collection<String> path) {
        String text = String.join("/", path).replaceAll("\\p{Cntrl}", "?");
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
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
            throw new TorrentException("the torrent has no " + key);
        }
        return value.asText().orElseThrow(() -> new TorrentException("the " + key + " of the torrent is not a string"));
    }

    private static OptionalLong number(Map<String, BencodeValue> entries, String key) {
        BencodeValue value = entries.get(key);
        return value == null ? OptionalLong.empty() : value.asLong();
    }
}
