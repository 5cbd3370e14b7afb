/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.Arrays;
import java.util.List;
import org.peerwire.bencode.BencodeValue;

/** The check that both halves of a hybrid torrent have the same files at the same places (BEP 52). */
final class HybridFiles {

    private HybridFiles() {}

    /** Refuses halves that differ: peers of each version would get other data under one name. */
    static void check(List<RawFile> v1, List<RawFile> v2) {
        List<RawFile> stored = v1.stream().filter(file -> !file.isPadding()).toList();
        for (int i = 0; i < Math.min(stored.size(), v2.size()); i++) {
            check(stored.get(i), v2.get(i));
        }
        if (stored.size() != v2.size()) {
            throw contradiction(stored.size() + " files", v2.size() + " files");
        }
    }

    private static void check(RawFile v1, RawFile v2) {
        if (!haveSamePath(v1.path(), v2.path())) {
            throw contradiction(Printable.rawPath(v1.path()), Printable.rawPath(v2.path()));
        }
        String name = Printable.rawPath(v1.path());
        if (v1.length() != v2.length()) {
            throw contradiction(name + " of " + v1.length() + " bytes", name + " of " + v2.length() + " bytes");
        }
        if (v1.length() > 0 && v1.offset() != v2.offset()) {
            throw contradiction(name + " at byte " + v1.offset(), name + " at byte " + v2.offset());
        }
    }

    private static boolean haveSamePath(List<BencodeValue> left, List<BencodeValue> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!Arrays.equals(bytes(left.get(i)), bytes(right.get(i)))) {
                return false;
            }
        }
        return true;
    }

    private static byte[] bytes(BencodeValue element) {
        return element.asBytes().orElse(new byte[0]);
    }

    private static TorrentException contradiction(String v1, String v2) {
        return TorrentException.malformed("both versions of a hybrid must have the same files, but version 1 has " + v1
                + " where version 2 has " + v2);
    }
}
