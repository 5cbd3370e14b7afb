/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.metadata.Torrent;

/** Torrents in memory for the tests of web seeds. */
public final class SeedTorrents {
    private SeedTorrents() {}

    /** Returns the same random bytes for the same length. */
    public static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** Returns the torrent of one file. */
    public static Torrent file(String name, byte[] content, int pieceLength) {
        return file(BencodeValue.of(name), content, pieceLength);
    }

    /** Returns the torrent of one file, whose name may be no text. */
    public static Torrent file(BencodeValue name, byte[] content, int pieceLength) {
        return torrent(Map.of("name", name, "length", BencodeValue.of(content.length)), content, pieceLength);
    }

    /** Returns the torrent of a folder with files of zeros. The paths have slashes. */
    public static Torrent folder(String name, List<String> paths, List<Integer> lengths) {
        int length = lengths.stream().mapToInt(Integer::intValue).sum();
        return folder(name, paths, lengths, new byte[length], 16_384);
    }

    /** Returns the torrent of a folder. A path that begins with .pad is padding (BEP 47). */
    public static Torrent folder(
            String name, List<String> paths, List<Integer> lengths, byte[] content, int pieceLength) {
        List<BencodeValue> files = IntStream.range(0, paths.size())
                .mapToObj(i -> file(paths.get(i), lengths.get(i)))
                .toList();
        return torrent(Map.of("name", BencodeValue.of(name), "files", BencodeValue.list(files)), content, pieceLength);
    }

    private static BencodeValue file(String path, int length) {
        Map<String, BencodeValue> file = new TreeMap<>();
        file.put("length", BencodeValue.of(length));
        file.put(
                "path",
                BencodeValue.list(
                        Arrays.stream(path.split("/")).map(BencodeValue::of).toList()));
        if (path.startsWith(".pad")) {
            file.put("attr", BencodeValue.of("p"));
        }
        return BencodeValue.dictionary(file);
    }

    private static Torrent torrent(Map<String, BencodeValue> entries, byte[] content, int pieceLength) {
        Map<String, BencodeValue> info = new TreeMap<>(entries);
        info.put("piece length", BencodeValue.of(pieceLength));
        ByteArrayOutputStream hashes = new ByteArrayOutputStream();
        for (int at = 0; at < content.length; at += pieceLength) {
            byte[] hash = sha1(content, at, Math.min(pieceLength, content.length - at));
            hashes.write(hash, 0, hash.length);
        }
        info.put("pieces", BencodeValue.of(hashes.toByteArray()));
        return Torrent.fromInfo(BencodeValue.dictionary(info).encoded());
    }

    private static byte[] sha1(byte[] bytes, int from, int length) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(bytes, from, length);
            return sha1.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
