/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The task of a real client with its torrent. Immutable; the {@code with…} methods return another task.
 *
 * @param torrent a torrent file or a magnet link
 * @param folder the folder of the data
 * @param seeds true if the data exists
 * @param peer the address to dial, or null; only for clients that accept one
 * @param down the maximum download rate in bytes per second, 0 for no limit
 * @param up the maximum upload rate in bytes per second, 0 for no limit
 * @param speaksPex true to use peer exchange
 * @param unchokes true to unchoke peers
 * @param encrypted true to require encryption, false for plaintext
 * @param node the address of a DHT node, or for Transmission of several with commas between them, or null; with it, the
 *     client becomes a node, too
 * @param isLocal true to look for peers in the local network
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
        boolean encrypted,
        @Nullable String node,
        boolean isLocal) {

    /** Returns a task that serves the data of a torrent file. */
    static Task seed(Path torrent, Path folder) {
        return new Task(torrent.toString(), folder, true, null, 0, 0, true, true, false, null, false);
    }

    /** Returns a task that downloads into an empty folder. */
    static Task download(Object torrentOrMagnet, Path folder) {
        return new Task(torrentOrMagnet.toString(), folder, false, null, 0, 0, true, true, false, null, false);
    }

    Task withPeer(String peer) {
        return new Task(torrent, folder, seeds, peer, down, up, speaksPex, unchokes, encrypted, node, isLocal);
    }

    Task withDown(int limit) {
        return new Task(torrent, folder, seeds, peer, limit, up, speaksPex, unchokes, encrypted, node, isLocal);
    }

    Task withUp(int limit) {
        return new Task(torrent, folder, seeds, peer, down, limit, speaksPex, unchokes, encrypted, node, isLocal);
    }

    Task withoutPex() {
        return new Task(torrent, folder, seeds, peer, down, up, false, unchokes, encrypted, node, isLocal);
    }

    Task withoutUnchoking() {
        return new Task(torrent, folder, seeds, peer, down, up, speaksPex, false, encrypted, node, isLocal);
    }

    Task withNode(String address) {
        return new Task(torrent, folder, seeds, peer, down, up, speaksPex, unchokes, encrypted, address, isLocal);
    }

    Task withLocalPeers() {
        return new Task(torrent, folder, seeds, peer, down, up, speaksPex, unchokes, encrypted, node, true);
    }

    Task withEncryption() {
        return new Task(torrent, folder, seeds, peer, down, up, speaksPex, unchokes, true, node, isLocal);
    }
}
