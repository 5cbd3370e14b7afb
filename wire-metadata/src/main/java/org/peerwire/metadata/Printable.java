/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.peerwire.bencode.BencodeValue;

/** Values of strangers as short text in one line, for error messages. */
final class Printable {

    private Printable() {}

    /** Returns a path in one line of at most 203 characters. */
    static String path(Collection<String> path) {
        String text = String.join("/", path).replaceAll("\\p{Cntrl}", "?");
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }

    /** Returns a path of a torrent in one line of at most 203 characters. */
    static String rawPath(Collection<BencodeValue> path) {
        List<String> names =
                path.stream().map(element -> element.asText().orElse("")).toList();
        return path(names);
    }

    /** Returns a number in digits, any other value in bencode, or "absent". */
    static String value(@Nullable BencodeValue value) {
        OptionalLong number = value == null ? OptionalLong.empty() : value.asLong();
        return number.isPresent() ? Long.toString(number.getAsLong()) : value == null ? "absent" : value.toString();
    }

    /** Returns a text in quotes, of at most 75 characters. */
    static String quoted(String text) {
        String shown = text.length() > 72 ? text.substring(0, 72) + "…" : text;
        return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
