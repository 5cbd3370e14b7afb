/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;
import org.peerwire.swarm.FileStore;
import org.peerwire.swarm.Piece;
import org.peerwire.swarm.PieceStore;
import org.peerwire.swarm.StoreException;
import reactor.core.publisher.Mono;

/** Files, torrents and pieces for tests of stores. */
public final class StoreData {
    /** The piece length of the torrents of files, in bytes. */
    public static final int PIECE_LENGTH = 32 * 1024;

    private static final Duration SOON = Duration.ofSeconds(15);

    private StoreData() {}

    /** Writes a file of random bytes, which depend only on the length. */
    public static Path file(Path path, int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        Files.createDirectories(path.getParent());
        return Files.write(path, bytes);
    }

    /** Writes a folder with files that start and end inside pieces, one long file and one empty file. */
    public static Path folder(Path folder) throws IOException {
        file(folder.resolve("a.bin"), 10_000);
        file(folder.resolve("b").resolve("long.bin"), 200_000);
        file(folder.resolve("b").resolve("none.bin"), 0);
        file(folder.resolve("c.bin"), 1);
        file(folder.resolve("d.bin"), 50_001);
        return folder;
    }

    /** Changes one byte of a file. */
    public static void damage(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }

    /** Returns the torrent of a file or folder. */
    public static Torrent torrent(Path source) throws IOException {
        return torrent(source, PIECE_LENGTH);
    }

    /** Returns the torrent of a file or folder. */
    public static Torrent torrent(Path source, int pieceLength) throws IOException {
        return Torrent.create(
                source, TorrentOptions.builder().pieceLength(pieceLength).build());
    }

    /** Returns the entry of a file in a torrent. */
    public static BencodeValue entry(long length, String attributes, String... path) {
        List<BencodeValue> names = new ArrayList<>();
        List.of(path).forEach(name -> names.add(BencodeValue.of(name)));
        return BencodeValue.dictionary(Map.of(
                "attr",
                BencodeValue.of(attributes),
                "length",
                BencodeValue.of(length),
                "path",
                BencodeValue.list(names)));
    }

    /** Returns a torrent with the name "things" whose piece hashes match no data. */
    public static Torrent torrent(int pieceLength, int pieces, BencodeValue... files) {
        return things(pieceLength, new byte[20 * pieces], files);
    }

    /** Returns a torrent with the name "things". */
    public static Torrent torrent(int pieceLength, byte[] content, BencodeValue... files) {
        ByteBuffer hashes = ByteBuffer.allocate(20 * ((content.length + pieceLength - 1) / pieceLength));
        for (int at = 0; at < content.length; at += pieceLength) {
            hashes.put(sha1(ByteBuffer.wrap(content, at, Math.min(pieceLength, content.length - at))));
        }
        return things(pieceLength, hashes.array(), files);
    }

    private static byte[] sha1(ByteBuffer bytes) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(bytes);
            return sha1.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    private static Torrent things(int pieceLength, byte[] hashes, BencodeValue... files) {
        return Torrent.fromInfo(BencodeValue.dictionary(Map.of(
                        "files", BencodeValue.list(List.of(files)),
                        "name", BencodeValue.of("things"),
                        "piece length", BencodeValue.of(pieceLength),
                        "pieces", BencodeValue.of(hashes)))
                .encoded());
    }

    /** Returns a torrent without SHA-1 piece hashes. */
    public static Torrent version2() {
        BencodeValue leaf = BencodeValue.dictionary(
                Map.of("length", BencodeValue.of(5), "pieces root", BencodeValue.of(new byte[32])));
        BencodeValue info = BencodeValue.dictionary(Map.of(
                "file tree",
                BencodeValue.dictionary(Map.of("a", BencodeValue.dictionary(Map.of("", leaf)))),
                "meta version",
                BencodeValue.of(2),
                "name",
                BencodeValue.of("a"),
                "piece length",
                BencodeValue.of(16 * 1024)));
        return Torrent.fromInfo(info.encoded());
    }

    /** Returns the set of all pieces. */
    public static PieceSet all(Torrent torrent) {
        return PieceSet.all(torrent.pieceCount());
    }

    /** Opens a store for all pieces. */
    public static PieceSet open(PieceStore store, Torrent torrent) {
        return await(store.open(torrent, all(torrent)));
    }

    /** Opens a store of existing data. */
    public static FileStore existing(Torrent torrent, Path data) {
        FileStore store = FileStore.existing(data);
        open(store, torrent);
        return store;
    }

    /** Reads all bytes of a piece. */
    public static byte[] read(PieceStore store, Torrent torrent, int piece) {
        return bytes(await(store.read(new BlockRequest(piece, 0, torrent.shape().pieceLength(piece)))));
    }

    /** Returns the bytes of a buffer, and releases it. */
    public static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = ByteBufUtil.getBytes(buffer);
        buffer.release();
        return bytes;
    }

    /** Copies pieces from one store to another. */
    public static void copy(Torrent torrent, PieceStore from, PieceStore to, int... pieces) {
        for (int piece : pieces) {
            write(to, piece, read(from, torrent, piece));
        }
    }

    /** Writes a piece. */
    public static void write(PieceStore store, int piece, byte[] data) {
        store.write(new Piece(piece, Unpooled.wrappedBuffer(data))).block(SOON);
    }

    /** Waits for the value. */
    public static <T> T await(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(SOON), "the publisher must emit a value, was empty");
    }

    /** Waits for the end. */
    public static void end(Mono<Void> mono) {
        mono.block(SOON);
    }

    /** Checks that a call fails for a reason, with one line for people that names no option of a program. */
    public static StoreException assertFails(StoreException.Reason reason, ThrowingCallable call) {
        Throwable error = catchThrowable(call);
        assertThat(error).isInstanceOf(StoreException.class);
        StoreException failure = (StoreException) error;
        assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(reason);
        assertThat(failure.getMessage()).hasLineCount(1).doesNotContain("--");
        return failure;
    }
}
