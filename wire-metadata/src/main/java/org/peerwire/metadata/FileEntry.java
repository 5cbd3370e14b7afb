/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.peerwire.bencode.BencodeValue;

/** The fields of a file that versions 1 and 2 have in common (BEP 3, 47, 52). */
final class FileEntry {

    private FileEntry() {}

    static long length(Map<String, BencodeValue> file) {
        BencodeValue value = file.get("length");
        long length = value == null ? -1 : value.asLong().orElse(-1);
        if (length < 0) {
            throw TorrentException.malformed("the length of a file must be 0 or more, was " + printable(value));
        }
        return length;
    }

    static boolean isPadding(Map<String, BencodeValue> file) {
        BencodeValue attributes = file.get("attr");
        return attributes != null && attributes.asText().orElse("").indexOf('p') >= 0;
    }

    /** Returns the position {@code length} bytes after {@code offset}. */
    static long end(long offset, long length) {
        if (length > Long.MAX_VALUE - offset) {
            throw TorrentException.malformed(
                    "the files must have at most " + Long.MAX_VALUE + " bytes together, had more");
        }
        return offset + length;
    }

    // ---- for error messages ----

    /** Returns a path in one line of at most 203 characters. */
    static String printable(Collection<String> path) {
        String text = String.join("/", path).replaceAll("\\p{Cntrl}", "?");
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }

    /** Returns a number in digits, any other value in bencode, or "absent". */
    static String printable(@Nullable BencodeValue value) {
        OptionalLong number = value == null ? OptionalLong.empty() : value.asLong();
        return number.isPresent() ? Long.toString(number.getAsLong()) : value == null ? "absent" : value.toString();
    }
}
