/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.peerwire.metadata.PathRules;
import org.peerwire.metadata.Torrent;

/** Questions about the file system of a folder. Blocks. */
final class Volumes {

    private Volumes() {}

    /**
     * Returns the rules for the names of a torrent in a folder, which may not exist yet. Only names that differ in
     * nothing but case need a look at the folder.
     */
    static PathRules rules(Path folder, Torrent torrent) {
        PathRules usual = PathRules.ofSystem();
        boolean clashes = usual == PathRules.CASE_SENSITIVE
                && !torrent.files(PathRules.CASE_FOLDING).equals(torrent.files());
        return clashes && foldsCase(folder) ? PathRules.CASE_FOLDING : usual;
    }

    /** Returns true if the file system of a folder takes two names that differ in case as one. */
    private static boolean foldsCase(Path folder) {
        try {
            Path probe = Files.createTempFile(existing(folder), "peerwire", ".tmp");
            try {
                String other = probe.getFileName().toString().toUpperCase(Locale.ROOT);
                return Files.exists(probe.resolveSibling(other));
            } finally {
                Files.delete(probe);
            }
        } catch (IOException e) {
            return false; // a folder that takes no file gets none of the torrent either
        }
    }

    /** Returns the folder, or the nearest one above it that exists. */
    static Path existing(Path folder) {
        Path existing = folder.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing;
    }

    /** Returns the length of a file, or -1 if there is no such file. */
    static long size(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : -1;
        } catch (IOException e) {
            return -1;
        }
    }
}
