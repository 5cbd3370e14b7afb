/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.time.Duration;
import java.util.Locale;
import org.peerwire.swarm.PeerSource;

/** Numbers and names as text for people. */
final class Texts {
    private static final long KIB = 1024;
    private static final long MIB = KIB * 1024;
    private static final long GIB = MIB * 1024;

    private Texts() {}

    /** Replaces characters that control a terminal by question marks. */
    static String plain(String text) {
        return text.replaceAll("[\\p{Cc}\\x{2028}-\\x{202e}\\x{2066}-\\x{2069}]", "?");
    }

    static String bytes(long bytes) {
        if (bytes >= GIB) {
            return String.format(Locale.ROOT, "%.2f GiB", (double) bytes / GIB);
        }
        if (bytes >= MIB) {
            return String.format(Locale.ROOT, "%.1f MiB", (double) bytes / MIB);
        }
        return bytes >= KIB ? String.format(Locale.ROOT, "%.1f KiB", (double) bytes / KIB) : count(bytes, "byte");
    }

    /** Returns an exact number of bytes in one word, such as {@code 256KiB}. */
    static String binary(long bytes) {
        if (bytes % MIB == 0) {
            return bytes / MIB + "MiB";
        }
        return bytes % KIB == 0 ? bytes / KIB + "KiB" : bytes + "B";
    }

    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }

    static String ratio(double ratio) {
        return String.format(Locale.ROOT, "%.2f", ratio);
    }

    static int percent(long part, long whole) {
        return whole == 0 ? 100 : (int) (part * 100 / whole);
    }

    /** Returns the origin of an address. */
    static String source(PeerSource source) {
        return switch (source) {
            case USER -> "the user";
            case TRACKER -> "a tracker";
            case LOCAL_NETWORK -> "the local network";
            case DHT -> "the DHT";
            case DISCOVERY -> "a discovery";
            case PEX -> "a peer";
        };
    }

    /** Returns a count such as {@code 1 piece} or {@code 2 pieces}. */
    static String count(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
