/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
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
 * A torrent file: version 1 (BEP 3), version 2 or hybrid (BEP 52). Reading one checks all values that a hostile author
 * could misuse: lengths and counts. It changes unsafe or unusual names to safe ones, but never the info dictionary.
 * Immutable.
 *
 * <p>A hybrid is read as version 1, with its padding files. A version 2 torrent has hashes, a name, files and a shape,
 * but no piece hashes.
 */
public final class Torrent {
    /** The largest torrent file that is read, in bytes: 64 MiB. */
    public static final int MAX_LENGTH = 64 * 1024 * 1024;

    private final BencodeValue root;
    private final InfoDictionary info;

    private Torrent(BencodeValue root, InfoDictionary info) {
        this.root = root;
        this.info = info;
    }

    // ---- sources of torrents ----

    /**
     * Returns the torrent in the bytes of a torrent file. Ignores bytes after it, which servers and editors add.
     *
     * @throws TorrentException if the bytes are not a torrent file, or its content is malformed
     */
    public static Torrent parse(byte[] bytes) {
        BencodeValue root;
        try {
            root = Bencode.decode(Unpooled.wrappedBuffer(bytes), InfoDictionary.LIMITS)
                    .value();
        } catch (BencodeException e) {
            throw notBencode("not a torrent file", e);
        }
        BencodeValue info = root.get("info");
        if (info == null) {
            throw new TorrentException("not a torrent file: it has no info dictionary; choose a .torrent file");
        }
        return new Torrent(root, new InfoDictionary(info));
    }

    /**
     * Returns the torrent in a file. Blocks.
     *
     * @throws IOException if the file cannot be read
     * @throws TorrentException if the file is not a torrent file or longer than {@link #MAX_LENGTH}, or its content is
     *     malformed
     */
    public static Torrent read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_LENGTH + 1);
            if (bytes.length > MAX_LENGTH) {
                throw new TorrentException("not a torrent file: it must have at most " + MAX_LENGTH
                        + " bytes, had more; choose a .torrent file");
            }
            return parse(bytes);
        }
    }

    /**
     * Returns a torrent with an info dictionary and no other data, for the result of {@link UtMetadata#fetch}. {@link
     * #encode()} gives a torrent file, which for version 2 lacks the piece layers.
     *
     * @throws TorrentException if the bytes are not an info dictionary, or its content is malformed
     */
    public static Torrent fromInfo(byte[] info) {
        BencodeValue dictionary;
        try {
            dictionary = Bencode.decode(info, InfoDictionary.LIMITS);
        } catch (BencodeException e) {
            throw notBencode("not an info dictionary", e);
        }
        return new Torrent(BencodeValue.dictionary(Map.of("info", dictionary)), new InfoDictionary(dictionary));
    }

    /**
     * Returns a new version 1 torrent of a file, or of the files below a folder in the order of their paths. Leaves out
     * links, hidden files and the exclusions of the options. The start may itself be a link, which gives the torrent
     * its name. Blocks until all files have been read and hashed.
     *
     * @throws IOException if a file cannot be read, or its length changes meanwhile
     * @throws TorrentException if the files are empty, or a name is not UTF-8 or would be changed by readers
     */
    public static Torrent create(Path fileOrFolder, TorrentOptions options) throws IOException {
        return new TorrentCreator(fileOrFolder, options).create();
    }

    private static TorrentException notBencode(String complaint, BencodeException e) {
        return new TorrentException(complaint + ": " + e.getMessage() + "; choose a .torrent file", e);
    }

    // ---- the info dictionary ----

    /** Returns a copy of the info dictionary, byte for byte as it was read. The info hash is its hash. */
    public byte[] info() {
        return info.bytes.clone();
    }

    /** Returns the info hashes: one for version 1 or 2, two for a hybrid. */
    public InfoHashes hashes() {
        return info.hashes;
    }

    /**
     * Returns the name of the file, or of the folder with the files. It is a plain name: characters that are unsafe on
     * disk or on a screen are removed or replaced. A name of which nothing remains is the info hash.
     */
    public String name() {
        return info.name;
    }

    /**
     * Returns the files in order, with padding files. At least one. The paths follow the rules of this operating
     * system, {@link PathRules#ofSystem()}.
     */
    public List<TorrentFile> files() {
        return info.files;
    }

    /**
     * Returns the files in order, with padding files, and with paths for a file system. Every path is relative, has
     * only plain names, and is different from the path of every other file or folder. Padding files are not stored, so
     * their paths may repeat. The same torrent and rules give the same paths on every run.
     */
    public List<TorrentFile> files(PathRules rules) {
        return info.files(rules);
    }

    /** Returns the files in order, without padding files, for people. */
    public List<TorrentFile> contentFiles() {
        return info.files.stream().filter(file -> !file.padding()).toList();
    }

    /** Returns the length of all files in bytes, without padding, for people. */
    public long contentLength() {
        return info.files.stream()
                .filter(file -> !file.padding())
                .mapToLong(TorrentFile::length)
                .sum();
    }

    /**
     * Returns the number of bytes from the start of the first file to the end of the last one. Includes padding, as the
     * pieces do.
     */
    public long length() {
        return info.length;
    }

    /** Returns the length of each piece except the last, in bytes. */
    public int pieceLength() {
        return info.pieceLength;
    }

    /** Returns the number of pieces. */
    public int pieceCount() {
        return shape().pieceCount();
    }

    /** Returns true if peers may come only from the trackers of the torrent (BEP 27). */
    public boolean isPrivate() {
        return info.isPrivate;
    }

    /**
     * Returns the mark of the place that the torrent is made for. It is in the info dictionary, so that the same files
     * have another info hash in each place.
     */
    public Optional<String> source() {
        return info.source;
    }

    /**
     * Returns the shape for {@code Wire.shape} and {@code LocalPeer.withShape}. In a version 2 torrent the last piece
     * of each file is shorter. A shape cannot express this.
     */
    public TorrentShape shape() {
        return new TorrentShape(info.length, info.pieceLength, info.isPrivate);
    }

    /** Returns true for version 1 and hybrid torrents, which have piece hashes. */
    public boolean hasPieceHashes() {
        return info.pieces != null;
    }

    /**
     * Returns a copy of the SHA-1 hash of a piece, 20 bytes.
     *
     * @throws IndexOutOfBoundsException if {@code piece} is not 0 to {@code pieceCount() - 1}
     * @throws IllegalStateException if the torrent has no piece hashes
     */
    public byte[] pieceHash(int piece) {
        byte[] hashes = pieceHashes();
        Objects.checkIndex(piece, hashes.length / InfoHash.LENGTH);
        return Arrays.copyOfRange(hashes, piece * InfoHash.LENGTH, (piece + 1) * InfoHash.LENGTH);
    }

    /**
     * Returns true if data has the length and the hash of a piece.
     *
     * @param data the remaining bytes; the position does not change
     * @throws IndexOutOfBoundsException if {@code piece} is not 0 to {@code pieceCount() - 1}
     * @throws IllegalStateException if the torrent has no piece hashes
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
            throw new IllegalStateException("torrent must be of version 1 or a hybrid, was version 2: " + info.name);
        }
        return hashes;
    }

    // ---- the rest of the file ----

    /** Returns the tracker URLs in tiers, first tier first (BEP 3, 12), without blanks around them. May be empty. */
    public List<List<String>> trackers() {
        return TorrentUrls.trackers(root);
    }

    /** Returns the URLs of the web seeds (BEP 19), without blanks around them. May be empty. */
    public List<String> webSeeds() {
        return TorrentUrls.webSeeds(root);
    }

    /**
     * Returns the addresses of DHT nodes, unresolved (BEP 5, {@code nodes}). Skips malformed ones, and those after
     * {@link MagnetLink#MAX_PEERS}.
     */
    public List<InetSocketAddress> dhtNodes() {
        return TorrentUrls.dhtNodes(root);
    }

    /** Returns the comment of the author. */
    public Optional<String> comment() {
        return Optional.ofNullable(FileEntry.twin(root.entries(), "comment", BencodeValue.Kind.STRING))
                .flatMap(BencodeValue::asText);
    }

    /** Returns the name of the program that made the torrent. */
    public Optional<String> createdBy() {
        return Optional.ofNullable(FileEntry.twin(root.entries(), "created by", BencodeValue.Kind.STRING))
                .flatMap(BencodeValue::asText);
    }

    /** Returns the creation date. Empty if the torrent has none, or one out of range. */
    public Optional<Instant> creationDate() {
        long seconds = root.getLong("creation date").orElse(-1);
        return seconds >= 0 && seconds <= Instant.MAX.getEpochSecond()
                ? Optional.of(Instant.ofEpochSecond(seconds))
                : Optional.empty();
    }

    /** Returns this torrent with other trackers, in tiers. An empty list removes all trackers. */
    public Torrent withTrackers(List<List<String>> tiers) {
        Map<String, BencodeValue> entries = new LinkedHashMap<>(root.entries());
        TorrentUrls.putTrackers(entries, tiers);
        return new Torrent(BencodeValue.dictionary(entries), info);
    }

    /** Returns the magnet link of this torrent: hashes, name and trackers. */
    public MagnetLink magnet() {
        return MagnetLink.of(hashes()).withName(name()).withTrackers(trackers());
    }

    /**
     * Returns the bytes of the torrent file. The info dictionary is unchanged, byte for byte. So is the whole file,
     * unless {@link #withTrackers} changed it, without bytes after its end.
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

    /** Returns the name and the info hashes. */
    @Override
    public String toString() {
        return name() + " " + hashes();
    }
}
