/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.Bencode.SoftError;
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
    final Optional<String> source;
    final List<TorrentFile> files;
    final long length;
    final byte @Nullable [] pieces;
    final InfoHashes hashes;

    private final BencodeValue rawName;
    private final List<RawFile> rawFiles;

    InfoDictionary(BencodeValue info) {
        Map<String, BencodeValue> entries = info.entries();
        if (info.kind() != BencodeValue.Kind.DICTIONARY) {
            throw TorrentException.malformed("info must be a dictionary, was " + Printable.value(info));
        }
        bytes = info.encoded();
        rawName = rawName(entries);
        isPrivate = isPrivate(entries.get("private"));
        source = Optional.ofNullable(FileEntry.twin(entries, "source", BencodeValue.Kind.STRING))
                .flatMap(BencodeValue::asText);
        boolean v2 = isV2(entries);
        pieceLength = pieceLength(entries, v2);
        pieces = pieces(entries.get("pieces"), v2);
        List<RawFile> tree = v2 ? tree(entries) : List.of();
        if (pieces == null) {
            rawFiles = tree;
            hashes = InfoHashes.of(InfoHashes.sha256(bytes));
        } else {
            rawFiles = FileList.read(rawName, entries);
            hashes = v2
                    ? InfoHashes.hybrid(InfoHashes.sha1(bytes), InfoHashes.sha256(bytes))
                    : InfoHashes.of(InfoHashes.sha1(bytes));
        }
        if (pieces != null && v2) {
            HybridFiles.check(rawFiles, tree);
        }
        length = end(rawFiles);
        checkPieceCount();
        PathRules rules = PathRules.ofSystem();
        name = name(rules);
        files = files(rules);
    }

    /** Returns the files with paths for a file system. */
    List<TorrentFile> files(PathRules rules) {
        return SafePaths.of(name(rules), rawFiles, rules);
    }

    private String name(PathRules rules) {
        String safe = SafeName.of(rawName, rules);
        return safe == null || rawName.asBytes().orElseThrow().length == 0
                ? hashes.wire().toString()
                : safe;
    }

    private static BencodeValue rawName(Map<String, BencodeValue> entries) {
        BencodeValue value = FileEntry.twin(entries, "name", BencodeValue.Kind.STRING);
        if (value == null || value.kind() != BencodeValue.Kind.STRING) {
            throw TorrentException.malformed("name must be a string, was " + Printable.value(value));
        }
        return value;
    }

    /** Refuses another order than that of the names, because the order gives each file its place among the pieces. */
    private List<RawFile> tree(Map<String, BencodeValue> entries) {
        BencodeValue tree = entries.getOrDefault("file tree", BencodeValue.dictionary(Map.of()));
        Set<SoftError> errors =
                Bencode.decode(Unpooled.wrappedBuffer(tree.encoded()), LIMITS).softErrors();
        if (errors.contains(SoftError.UNSORTED_KEYS) || errors.contains(SoftError.DUPLICATE_KEY)) {
            throw TorrentException.malformed("the names in file tree must be sorted and different, were not");
        }
        return new FileTree(rawName, pieceLength, entries.containsKey("files")).read(tree.entries());
    }

    private static byte @Nullable [] pieces(@Nullable BencodeValue value, boolean v2) {
        if (value == null && v2) {
            return null;
        }
        if (value == null || value.kind() != BencodeValue.Kind.STRING) {
            throw TorrentException.malformed("pieces must be a string of hashes, was " + Printable.value(value));
        }
        return value.asBytes().orElseThrow();
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
                    "piece length must be " + allowed + ", was " + Printable.value(entries.get("piece length")));
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

    private static long end(List<RawFile> files) {
        return files.stream()
                .mapToLong(file -> file.offset() + file.length())
                .max()
                .orElse(0);
    }

    private static OptionalLong number(Map<String, BencodeValue> entries, String key) {
        BencodeValue value = entries.get(key);
        return value == null ? OptionalLong.empty() : value.asLong();
    }
}
