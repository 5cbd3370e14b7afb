/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * One file of a torrent on disk.
 *
 * @param path where it is
 * @param offset its first byte within the torrent
 * @param length its bytes
 * @param padding a file of zeros that only aligns the next one (BEP 47): never read or written
 */
record StoredFile(Path path, long offset, long length, boolean padding) {

    /** First byte of the torrent behind the file. */
    long end() {
        return offset + length;
    }

    /**
     * Checks that the file is inside {@code root}, and that no symbolic link on the way to it leads out.
     *
     * @throws IOException if it is not
     */
    void checkInside(Path root) throws IOException {
        Path base = root.toAbsolutePath().normalize();
        if (!path.toAbsolutePath().normalize().startsWith(base)) {
            throw new IOException(path + " is not inside " + root);
        }
        Path existing = path.toAbsolutePath();
        for (Path up = existing; up != null; up = up.getParent()) {
            existing = up;
            if (Files.exists(up, LinkOption.NOFOLLOW_LINKS)) {
                break;
            }
        }
        if (existing.startsWith(base) && !existing.toRealPath().startsWith(base.toRealPath())) {
            throw new IOException(path + " is a link that leads out of " + root);
        }
    }
}
