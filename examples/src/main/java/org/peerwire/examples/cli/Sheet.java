/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.metadata.InfoHashes;

/** Lines of a label and a value, with the values below each other. Texts of strangers are safe for a terminal. */
final class Sheet {
    private static final int WIDTH = 14;

    /** The longest value of {@link #text}, in characters. */
    private static final int MAX_TEXT = 1000;

    private final StringBuilder out = new StringBuilder();

    /** Adds a line, unless the value is null. */
    Sheet line(String label, @Nullable Object value) {
        if (value != null) {
            out.append(label).append(" ".repeat(WIDTH - label.length()));
            out.append(Texts.plain(value.toString())).append(System.lineSeparator());
        }
        return this;
    }

    /** Adds a line for each info hash. */
    Sheet hashes(InfoHashes hashes) {
        return line("info hash", hashes.v1()).line("info hash v2", hashes.v2());
    }

    /** Adds a line for each value. */
    Sheet lines(String label, List<String> values) {
        values.forEach(value -> text(label, value));
        return this;
    }

    /** Adds a line for each tracker, with the number of its tier, from 1. */
    Sheet trackers(List<List<String>> tiers) {
        for (int i = 0; i < tiers.size(); i++) {
            int tier = i + 1;
            tiers.get(i).forEach(url -> text("tracker", tier + "  " + url));
        }
        return this;
    }

    /** Adds a line with a text that may be long, and is cut then. */
    Sheet text(String label, @Nullable String value) {
        return line(label, value != null && value.length() > MAX_TEXT ? value.substring(0, MAX_TEXT) + "..." : value);
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
