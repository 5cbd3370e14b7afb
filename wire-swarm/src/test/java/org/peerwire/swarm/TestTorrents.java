/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;
import org.peerwire.metadata.Torrent;

/** Torrents of one file in memory. */
final class TestTorrents {
    private TestTorrents() {}

    /** Returns the same random bytes for the same length. */
    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** Returns the torrent of one file with this content. */
    static Torrent of(byte[] content, int pieceLength) {
        return of(content, pieceLength, false);
    }

    /** Returns the torrent of one file with this content. */
    static Torrent of(byte[] content, int pieceLength, boolean isPrivate) {
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        int pieces = (content.length + pieceLength - 1) / pieceLength;
        write(
                info,
                "d6:lengthi" + content.length + "e4:name8:test.bin12:piece lengthi" + pieceLength + "e6:pieces"
                        + 20 * pieces + ":");
        for (int at = 0; at < content.length; at += pieceLength) {
            byte[] hash = sha1(content, at, Math.min(pieceLength, content.length - at));
            info.write(hash, 0, hash.length);
        }
        write(info, isPrivate ? "7:privatei1ee" : "e");
        return Torrent.fromInfo(info.toByteArray());
    }

    private static void write(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        out.write(bytes, 0, bytes.length);
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
