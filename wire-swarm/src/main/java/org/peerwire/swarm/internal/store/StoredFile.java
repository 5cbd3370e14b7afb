/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.peerwire.swarm.StoreException;
import org.peerwire.swarm.StoreException.Reason;

/**
 * One file of a torrent on disk.
 *
 * @param path the path on disk
 * @param offset the offset of the first byte within the torrent
 * @param length the length in bytes
 * @param padding true for a file of zeros that only aligns the next one (BEP 47), which is never read or written
 * @param executable true for a program
 */
record StoredFile(Path path, long offset, long length, boolean padding, boolean executable) {

    /** Returns the offset after the last byte. */
    long end() {
        return offset + length;
    }

    /**
     * Checks that the file is inside {@code root}, also after symbolic links are followed.
     *
     * @throws StoreException if the file is outside
     */
    void checkInside(Path root) throws IOException {
        Path base = root.toAbsolutePath().normalize();
        if (!path.toAbsolutePath().normalize().startsWith(base)) {
            throw Failures.of(Reason.PATH, path, path + " must be inside " + root);
        }
        Path existing = path.toAbsolutePath();
        for (Path up = existing; up != null; up = up.getParent()) {
            existing = up;
            if (Files.exists(up, LinkOption.NOFOLLOW_LINKS)) {
                break;
            }
        }
        if (existing.startsWith(base) && !realPath(existing).startsWith(base.toRealPath())) {
            throw leadsOut(root);
        }
    }

    /** Returns the path without symbolic links. A link to nothing counts as one that leads out. */
    private static Path realPath(Path existing) throws IOException {
        return Files.exists(existing) ? existing.toRealPath() : existing.getRoot();
    }

    private StoreException leadsOut(Path root) {
        return Failures.of(
                Reason.PATH, path, path + " must be inside " + root + ", but a symbolic link leads out of it");
    }
}
