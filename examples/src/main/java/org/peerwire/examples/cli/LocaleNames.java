/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/** Names of files in a locale that may not have all letters, such as {@code LANG=C}. */
final class LocaleNames {
    /** The character in the place of bytes of an argument that the locale does not have. */
    private static final char LOST = '\ufffd';

    private LocaleNames() {}

    /** Parses the path of an option or parameter. */
    static Path path(String text) {
        Path path;
        try {
            path = Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException(reason(e));
        }
        Path current = Path.of("").toAbsolutePath();
        if (!path.isAbsolute() && !hasAllLetters() && !Files.exists(current)) {
            throw new TypeConversionException(reason("the current folder " + current));
        }
        return path;
    }

    /** Returns the reason why a command line cannot be read, or null. */
    static @Nullable String reason(List<String> args) {
        return args.stream()
                .filter(arg -> !hasAllLetters() && arg.indexOf(LOST) >= 0)
                .findFirst()
                .map(arg -> reason("'" + arg + "'"))
                .orElse(null);
    }

    /** Returns the reason why a text is no path. */
    static String reason(InvalidPathException e) {
        String name = "'" + e.getInput() + "'";
        boolean isAscii = e.getInput().chars().allMatch(c -> c < 0x80);
        return isAscii || hasAllLetters()
                ? name + " cannot be the name of a file: " + e.getReason().toLowerCase(Locale.ROOT)
                : reason(name);
    }

    private static String reason(String thing) {
        return "the locale cannot express " + thing.replace(LOST, '?') + "; set LC_ALL=C.UTF-8";
    }

    private static boolean hasAllLetters() {
        return "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));
    }
}
