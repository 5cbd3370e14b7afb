/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** The texts of a tracker, made safe for a line of a log: printable, at most 200 characters. */
final class TrackerText {
    private static final int MAX_LENGTH = 200;
    private static final char REPLACEMENT = '\uFFFD';

    private TrackerText() {}

    static String of(byte[] text) {
        // a character takes up to four bytes
        return of(new String(Arrays.copyOf(text, Math.min(text.length, 4 * MAX_LENGTH)), UTF_8));
    }

    static String of(String text) {
        StringBuilder safe = new StringBuilder();
        String line = text.strip();
        line.codePoints().limit(MAX_LENGTH).forEach(c -> safe.appendCodePoint(isPrintable(c) ? c : REPLACEMENT));
        return safe.toString();
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
