/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a real client is to do with its one torrent. Immutable; the {@code with…} methods return another.
 *
 * @param torrent a torrent file or a magnet link
 * @param folder where the data is, or goes to
 * @param seeds whether the data is there
 * @param peer the address to dial, or null; only clients that can be told
 * @param down bytes a second to download at most, 0 for no limit
 * @param up bytes a second to upload at most, 0 for no limit
 * @param speaksPex whether to take part in peer exchange
 * @param unchokes whether to unchoke anybody
 * @param encrypted whether to require encryption; otherwise there is none
 */
record Task(
        String torrent,
        Path folder,
        boolean seeds,
        @Nullable String peer,
        int down,
        int up,
        boolean speaksPex,
        boolean unchokes,
        boolean encrypted) {

    /** Serves the data of a torrent file. */
    static Task seed(Path torrent, Path folder) {
        return new Task(torrent.toString(), folder, true, null, 0, 0, true, true, false);
    }

    /** Downloads into an empty folder. */
    static Task download(Object torrentOrMagnet, Path folder) {
        return new Task(torrentOrMagnet.toString(), folder, false, null, 0, 0, true, true, false);
    }

    Task withPeer(String peer) {
        return new Task(torrent, folder, seeds, peer, down, up, speaksPex, unchokes, encrypted);
    }

    Task withDown(int limit) {
        return new Task(torrent, folder, seeds, peer, limit, up, speaksPex, unchokes, encrypted);
    }

    Task withUp(int limit) {
        return new Task(torrent, folder, seeds, peer, down, limit, speaksPex, unchokes, encrypted);
    }

    Task withoutPex() {
        return new Task(torrent, folder, seeds, peer, down, up, false, unchokes, encrypted);
    }

    Task withoutUnchoking() {
        return new Task(torrent, folder, seeds, peer, down, up, speaksPex, false, encrypted);
    }

    Task withEncryption() {
        return new Task(torrent, folder, seeds, peer, down, up, speaksPex, unchokes, true);
    }
}
