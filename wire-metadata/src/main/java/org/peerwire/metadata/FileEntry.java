/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.metadata.TorrentFile.Attribute;

/** The fields of a file that versions 1 and 2 have in common (BEP 3, 47, 52). */
final class FileEntry {

    private FileEntry() {}

    /** Returns the length. A link has none, whatever the torrent says: its author had no data for it. */
    static long length(Map<String, BencodeValue> file) {
        if (attributes(file).contains(Attribute.LINK)) {
            return 0;
        }
        BencodeValue value = file.get("length");
        long length = value == null ? -1 : value.asLong().orElse(-1);
        if (length < 0) {
            throw TorrentException.malformed("the length of a file must be 0 or more, was " + Printable.value(value));
        }
        return length;
    }

    static Set<Attribute> attributes(Map<String, BencodeValue> file) {
        Set<Attribute> attributes = EnumSet.noneOf(Attribute.class);
        BencodeValue value = file.get("attr");
        String letters = value == null ? "" : value.asText().orElse("");
        if (letters.indexOf('p') >= 0) {
            attributes.add(Attribute.PADDING);
        }
        if (letters.indexOf('x') >= 0) {
            attributes.add(Attribute.EXECUTABLE);
        }
        if (letters.indexOf('l') >= 0) {
            attributes.add(Attribute.LINK);
        }
        return attributes;
    }

    /** Returns the value of a key, or of its twin in UTF-8 if that one has the right kind. */
    static @Nullable BencodeValue twin(Map<String, BencodeValue> entries, String key, BencodeValue.Kind kind) {
        BencodeValue twin = entries.get(key + ".utf-8");
        return twin != null && twin.kind() == kind ? twin : entries.get(key);
    }

    /** Returns the position {@code length} bytes after {@code offset}. */
    static long end(long offset, long length) {
        if (length > Long.MAX_VALUE - offset) {
            throw TorrentException.malformed(
                    "the files must have at most " + Long.MAX_VALUE + " bytes together, had more");
        }
        return offset + length;
    }
}
