/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import org.jspecify.annotations.Nullable;
import org.peerwire.bencode.BencodeValue;

/** The conversion of one element of a path in a torrent to a name that every file system can store. */
final class SafeName {
    /** The name that replaces an empty one. */
    static final String BLANK = "_";

    /** The maximum length of a name in bytes on common file systems. */
    static final int MAX_BYTES = 255;

    /** The length at which a name that is too long is cut, as in other clients, so that both find the same file. */
    private static final int CUT_BYTES = 240;

    private static final int MAX_EXTENSION = 9;

    private SafeName() {}

    /**
     * Returns the safe form of an element, or null for one that must be dropped: {@code .}, {@code ..}, or nothing but
     * removed characters.
     */
    static @Nullable String of(BencodeValue element, PathRules rules) {
        byte[] raw = element.asBytes().orElse(new byte[0]);
        if (raw.length == 0) {
            return BLANK;
        }
        StringBuilder kept = new StringBuilder(raw.length);
        decode(raw).codePoints().filter(c -> !isRemoved(c)).forEach(c -> {
            kept.appendCodePoint(isControl(c) || !rules.allows(c) ? '_' : c);
        });
        String name = kept.toString();
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            return null;
        }
        String adapted = rules.adapt(shortened(name));
        return adapted.isEmpty() ? BLANK : adapted;
    }

    /** Returns the text of the bytes, with an underscore for each sequence that is not UTF-8. */
    private static String decode(byte[] bytes) {
        try {
            return UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .replaceWith("_")
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalStateException("a replacing decoder accepts all bytes", e);
        }
    }

    /** Returns true for separators, and for characters that are invisible or change the direction of the text. */
    private static boolean isRemoved(int c) {
        return c == 0
                || c == '/'
                || c == '\\'
                || c == 0xad
                || c == 0x61c
                || c == 0x180e
                || (c >= 0x200b && c <= 0x200f)
                || (c >= 0x202a && c <= 0x202e)
                || (c >= 0x2060 && c <= 0x206f)
                || c == 0xfeff
                || (c >= 0xe0000 && c <= 0xe007f);
    }

    private static boolean isControl(int c) {
        return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
    }

    // ---- length ----

    private static String shortened(String name) {
        if (name.length() <= MAX_BYTES / 3 || bytes(name) <= MAX_BYTES) {
            return name;
        }
        String extension = extension(name);
        return cut(name.substring(0, name.length() - extension.length()), CUT_BYTES) + extension;
    }

    /** Returns a name with a number before its extension, of at most {@link #MAX_BYTES} bytes. */
    static String numbered(String stem, int number, String extension) {
        return stem + "." + number + extension;
    }

    /** Returns the part of a name before its extension, short enough for {@link #numbered}. */
    static String stem(String name) {
        String stem = name.substring(0, name.length() - extension(name).length());
        return bytes(stem) <= CUT_BYTES - 8 ? stem : cut(stem, CUT_BYTES - 8);
    }

    /** Returns the extension with its dot, or nothing if it is long, not there, or the whole name. */
    static String extension(String name) {
        int dot = name.lastIndexOf('.');
        return dot <= 0 || bytes(name.substring(dot)) > MAX_EXTENSION ? "" : name.substring(dot);
    }

    /** Returns the start of a name, which ends with the character that reaches a number of bytes. */
    private static String cut(String name, int length) {
        int end = 0;
        for (int bytes = 0; bytes < length && end < name.length(); ) {
            int c = name.codePointAt(end);
            bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            end += Character.charCount(c);
        }
        return name.substring(0, end);
    }

    private static int bytes(String name) {
        return name.getBytes(UTF_8).length;
    }
}
