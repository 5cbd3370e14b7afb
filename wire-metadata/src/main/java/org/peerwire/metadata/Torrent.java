/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.TorrentShape;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeValue;

/**
 * A torrent file: version 1 (BEP 3), version 2 or hybrid (BEP 52). What a hostile one could do harm with is checked
 * when it is read: lengths, counts, and names that lead out of the folder. Immutable.
 *
 * <p>Of a hybrid the version 1 half is used, padding files included. Of a version 2 torrent there are hashes, name,
 * files and shape, but no piece hashes.
 */
public final class Torrent {
    /** Bytes in the largest file that is read: 64 MiB. */
    public static final int MAX_LENGTH = 64 * 1024 * 1024;

    private final BencodeValue root;
    private final InfoDictionary info;

    private Torrent(BencodeValue root, InfoDictionary info) {
        this.root = root;
        this.info = info;
    }

    // ---- where torrents come from ----

    /**
     * Reads the bytes of a torrent file.
     *
     * @throws TorrentException if they are none, or it cannot be used
     */
    public static Torrent parse(byte[] bytes) {
        BencodeValue root = decode(bytes, "this is not a torrent file");
        BencodeValue info = root.get("info");
        if (info == null) {
            throw new TorrentException("this is not a torrent file: it has no info dictionary");
        }
        return new Torrent(root, new InfoDictionary(info));
    }

    /**
     * Reads a torrent file. Blocks.
     *
     * @throws IOException if it cannot be read
     * @throws TorrentException if it is none, is over {@link #MAX_LENGTH}, or cannot be used
     */
    public static Torrent read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_LENGTH + 1);
            if (bytes.length > MAX_LENGTH) {
                throw new TorrentException("a torrent file of more than " + MAX_LENGTH + " bytes is not read");
            }
            return parse(bytes);
        }
    }

    /**
     * A torrent that has nothing but the info dictionary, such as {@link UtMetadata#fetch} gets it from a peer. Saved
     * with {@link #encode()} it is a torrent file, of version 2 one without piece layers.
     *
     * @throws TorrentException if it is no info dictionary, or it cannot be used
     */
    public static Torrent fromInfo(byte[] info) {
        BencodeValue dictionary = decode(info, "this is not an info dictionary");
        return new Torrent(BencodeValue.dictionary(Map.of("info", dictionary)), new InfoDictionary(dictionary));
    }

    /**
     * Makes a version 1 torrent of a file, or of all regular files below a folder in the order of their paths; links
     * are not followed. Reads them all, so it blocks, and for long.
     *
     * @throws IOException if a file cannot be read, or changes its length meanwhile
     * @throws TorrentException if there is no data, or a name is not allowed in a torrent
     */
    public static Torrent create(Path fileOrFolder, TorrentOptions options) throws IOException {
        return new TorrentCreator(fileOrFolder, options).create();
    }

    private static BencodeValue decode(byte[] bytes, String complaint) {
        try {
            return Bencode.decode(bytes, InfoDictionary.LIMITS);
        } catch (BencodeException e) {
            throw new TorrentException(complaint + ": " + e.getMessage(), e);
        }
    }

    // ---- the info dictionary ----

    /** A copy of the info dictionary, byte for byte as it was: what the info hash is the hash of. */
    public byte[] info() {
        return info.bytes.clone();
    }

    /** The info hashes: one for version 1 or 2, two for a hybrid. */
    public InfoHashes hashes() {
        return info.hashes;
    }

    /** The name of the file, or of the folder the files are in. */
    public String name() {
        return info.name;
    }

    /** The files in order, padding files included; at least one. */
    public List<TorrentFile> files() {
        return info.files;
    }

    /** Bytes from the beginning of the first file to the end of the last one. */
    public long length() {
        return info.length;
    }

    /** Bytes in each piece but the last. */
    public int pieceLength() {
        return info.pieceLength;
    }

    /** How many pieces there are. */
    public int pieceCount() {
        return shape().pieceCount();
    }

    /** Whether only peers from its trackers may be used (BEP 27). */
    public boolean isPrivate() {
        return info.isPrivate;
    }

    /**
     * What {@code Wire.shape} and {@code LocalPeer.withShape} need. In a version 2 torrent the last piece of each file
     * is shorter, which a shape cannot say.
     */
    public TorrentShape shape() {
        return new TorrentShape(info.length, info.pieceLength, info.isPrivate);
    }

    /** Whether there are piece hashes: in version 1 and hybrid torrents. */
    public boolean hasPieceHashes() {
        return info.pieces != null;
    }

    /**
     * The SHA-1 of a piece, 20 bytes, a copy.
     *
     * @throws IndexOutOfBoundsException if there is no such piece
     * @throws IllegalStateException if there are no piece hashes
     */
    public byte[] pieceHash(int piece) {
        byte[] hashes = pieceHashes();
        Objects.checkIndex(piece, hashes.length / InfoHash.LENGTH);
        return Arrays.copyOfRange(hashes, piece * InfoHash.LENGTH, (piece + 1) * InfoHash.LENGTH);
    }

    /**
     * Whether this is the data of the piece: the right length and the right hash.
     *
     * @param data what remains in it; its position stays as it is
     * @throws IndexOutOfBoundsException if there is no such piece
     * @throws IllegalStateException if there are no piece hashes
     */
    public boolean verify(int piece, ByteBuffer data) {
        byte[] expected = pieceHash(piece);
        if (data.remaining() != shape().pieceLength(piece)) {
            return false;
        }
        MessageDigest sha1 = Digests.sha1();
        sha1.update(data.duplicate());
        return Arrays.equals(expected, sha1.digest());
    }

    private byte[] pieceHashes() {
        byte[] hashes = info.pieces;
        if (hashes == null) {
            throw new IllegalStateException("a version 2 torrent has no piece hashes: " + info.name);
        }
        return hashes;
    }

    // ---- what is around it ----

    /** Tracker URLs in tiers, first tier first (BEP 3, 12); empty if it names none. */
    public List<List<String>> trackers() {
        BencodeValue list = root.get("announce-list");
        List<List<String>> tiers = list == null
                ? List.of()
                : list.items().stream()
                        .map(tier -> tier.items().stream()
                                .flatMap(url -> url.asText().stream())
                                .filter(url -> !url.isEmpty())
                                .toList())
                        .filter(tier -> !tier.isEmpty())
                        .toList();
        return tiers.isEmpty()
                ? root.getText("announce").map(url -> List.of(List.of(url))).orElse(List.of())
                : tiers;
    }

    /** What its maker had to say. */
    public Optional<String> comment() {
        return root.getText("comment");
    }

    /** When it was made, if it says so. */
    public Optional<Instant> creationDate() {
        long seconds = root.getLong("creation date").orElse(-1);
        return seconds >= 0 && seconds <= Instant.MAX.getEpochSecond()
                ? Optional.of(Instant.ofEpochSecond(seconds))
                : Optional.empty();
    }

    /** The same torrent with these trackers instead, in tiers; none if empty. */
    public Torrent withTrackers(List<List<String>> tiers) {
        Map<String, BencodeValue> entries = new LinkedHashMap<>(root.entries());
        putTrackers(entries, tiers);
        return new Torrent(BencodeValue.dictionary(entries), info);
    }

    static void putTrackers(Map<String, BencodeValue> entries, List<List<String>> tiers) {
        List<List<String>> used = tiers.stream().filter(tier -> !tier.isEmpty()).toList();
        entries.remove("announce");
        entries.remove("announce-list");
        if (!used.isEmpty()) {
            entries.put("announce", BencodeValue.of(used.get(0).get(0)));
        }
        if (used.stream().mapToInt(List::size).sum() > 1) {
            entries.put(
                    "announce-list",
                    BencodeValue.list(used.stream()
                            .map(tier -> BencodeValue.list(
                                    tier.stream().map(BencodeValue::of).toList()))
                            .toList()));
        }
    }

    /** The link to this torrent: hashes, name and trackers. */
    public MagnetLink magnet() {
        return MagnetLink.of(hashes()).withName(name()).withTrackers(trackers());
    }

    /**
     * The bytes of the torrent file. The info dictionary is kept byte for byte; so is all of it unless changed here.
     */
    public byte[] encode() {
        return root.encoded();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Torrent torrent && root.equals(torrent.root);
    }

    @Override
    public int hashCode() {
        return info.hashes.hashCode();
    }

    /** Name and info hashes. */
    @Override
    public String toString() {
        return name() + " " + hashes();
    }
}
