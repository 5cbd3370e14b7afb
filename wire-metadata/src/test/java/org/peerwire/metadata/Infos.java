/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.peerwire.bencode.BencodeValue;

/** Info dictionaries for tests. */
final class Infos {

    private Infos() {}

    /** Returns the entries of a torrent with one file of 20,000 bytes in two pieces, for {@link #encode}. */
    static Map<String, BencodeValue> single() {
        Map<String, BencodeValue> info = new TreeMap<>();
        info.put("name", BencodeValue.of("file.bin"));
        info.put("piece length", BencodeValue.of(16_384));
        info.put("length", BencodeValue.of(20_000));
        info.put("pieces", BencodeValue.of(new byte[40]));
        return info;
    }

    /** Returns the entries of a torrent with the same amount of data in several files. */
    static Map<String, BencodeValue> multi(BencodeValue... files) {
        Map<String, BencodeValue> info = single();
        info.remove("length");
        info.put("name", BencodeValue.of("folder"));
        info.put("files", BencodeValue.list(List.of(files)));
        return info;
    }

    static BencodeValue file(long length, String... path) {
        return BencodeValue.dictionary(Map.of(
                "length",
                BencodeValue.of(length),
                "path",
                BencodeValue.list(Arrays.stream(path).map(BencodeValue::of).toList())));
    }

    static byte[] encode(Map<String, BencodeValue> info) {
        return BencodeValue.dictionary(info).encoded();
    }

    /** Returns a valid info dictionary of exactly this length, 200 or more. Each {@code seed} gives another one. */
    static byte[] ofLength(int length, int seed) {
        Map<String, BencodeValue> info = single();
        for (int filler = Math.max(0, length - 200); ; filler++) {
            byte[] bytes = new byte[filler];
            Arrays.fill(bytes, (byte) seed);
            info.put("x", BencodeValue.of(bytes));
            byte[] encoded = encode(info);
            if (encoded.length == length) {
                return encoded;
            }
            if (encoded.length > length) {
                throw new IllegalArgumentException("length must be possible for an info dictionary, was " + length);
            }
        }
    }
}
