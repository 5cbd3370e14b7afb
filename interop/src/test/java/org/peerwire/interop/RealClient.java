/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import java.net.InetSocketAddress;
import java.util.Set;

/** A client that we did not write, with its one torrent. It ends with its {@link Scene}. */
interface RealClient {

    /** The clients there are. */
    enum Kind {
        LIBTORRENT("libtorrent"),
        TRANSMISSION("Transmission"),
        WEBTORRENT("WW");

        /** What libtorrent calls it. */
        final String knownAs;

        Kind(String knownAs) {
            this.knownAs = knownAs;
        }

        /** Whether it takes the address of a peer from its user, and dials it. Others have to be dialled. */
        boolean dialsWhomItIsTold() {
            return this != TRANSMISSION;
        }

        /** Starts it and waits until it listens, and has verified its data if it seeds. */
        RealClient start(Scene scene, String name, String ip, Task task) {
            return switch (this) {
                case LIBTORRENT -> new LibtorrentClient(scene, name, ip, task);
                case TRANSMISSION -> new TransmissionClient(scene, name, ip, task);
                case WEBTORRENT -> new WebtorrentClient(scene, name, ip, task);
            };
        }
    }

    /** Where it listens, {@code IP:PORT}. */
    String address();

    /** The same for a wire of ours. */
    default InetSocketAddress socketAddress() {
        String[] parts = address().split(":");
        return new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
    }

    /** Whether every piece is there and right. */
    boolean isComplete();

    /** The IP addresses of peers it is or was connected with, as far as it tells. */
    Set<String> peers();

    /** Whether its connection with the peer at this IP address is or was encrypted, as far as it tells. */
    boolean isEncryptedWith(String ip);

    /** Whether it got the metadata of a magnet link: this name and so many pieces. */
    boolean hasMetadata(String name, int pieces);
}
