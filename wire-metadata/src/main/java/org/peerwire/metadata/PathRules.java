/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.nio.file.FileSystems;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/** The rules of a file system for names, which decide the paths of the files of a torrent. */
public enum PathRules {
    /** Any character but a slash, and names that differ in case are different: Linux. */
    CASE_SENSITIVE,
    /** Names that differ only in case, or in the composition of a letter, are the same file: macOS, some volumes. */
    CASE_FOLDING,
    /** As {@link #CASE_FOLDING}, with reserved characters, drive letters and device names: Windows, exFAT. */
    WINDOWS;

    private static final String RESERVED = "<>:\"|?*";
    private static final Set<String> DEVICES = Set.of(
            "con",
            "conin$",
            "conout$",
            "prn",
            "aux",
            "nul",
            "clock$",
            "com\u00b9",
            "com\u00b2",
            "com\u00b3",
            "lpt\u00b9",
            "lpt\u00b2",
            "lpt\u00b3",
            "com0",
            "com1",
            "com2",
            "com3",
            "com4",
            "com5",
            "com6",
            "com7",
            "com8",
            "com9",
            "lpt0",
            "lpt1",
            "lpt2",
            "lpt3",
            "lpt4",
            "lpt5",
            "lpt6",
            "lpt7",
            "lpt8",
            "lpt9");

    /** Returns the usual rules of this operating system. A mounted volume can have others. */
    public static PathRules ofSystem() {
        if (FileSystems.getDefault().getSeparator().equals("\\")) {
            return WINDOWS;
        }
        return System.getProperty("os.name", "").startsWith("Mac") ? CASE_FOLDING : CASE_SENSITIVE;
    }

    boolean allows(int character) {
        return this != WINDOWS || RESERVED.indexOf(character) < 0;
    }

    /** Returns a name that Windows keeps as it is: it drops dots and blanks at the end and reserves device names. */
    String adapt(String name) {
        if (this != WINDOWS) {
            return name;
        }
        int end = name.length();
        while (end > 0 && (name.charAt(end - 1) == '.' || name.charAt(end - 1) == ' ')) {
            end--;
        }
        String kept = name.substring(0, end);
        int dot = kept.indexOf('.');
        String stem = dot < 0 ? kept : kept.substring(0, dot);
        return DEVICES.contains(stem.strip().toLowerCase(Locale.ROOT)) ? "_" + kept : kept;
    }

    /** Returns a text that is equal for two names of one file. */
    String key(String name) {
        return this == CASE_SENSITIVE
                ? name
                : Normalizer.normalize(name, Normalizer.Form.NFC)
                        .toUpperCase(Locale.ROOT)
                        .toLowerCase(Locale.ROOT);
    }
}
