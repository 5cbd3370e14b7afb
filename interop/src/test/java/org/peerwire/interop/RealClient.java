/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import java.net.InetSocketAddress;
import java.util.Set;

/** A foreign client with one torrent. It ends with its {@link Scene}. */
interface RealClient {

    /** The kinds of clients. */
    enum Kind {
        LIBTORRENT("libtorrent"),
        TRANSMISSION("Transmission"),
        WEBTORRENT("WW");

        /** The name that libtorrent shows for it. */
        final String knownAs;

        Kind(String knownAs) {
            this.knownAs = knownAs;
        }

        /**
         * Returns whether it accepts the address of a peer from its user, and dials it. Other clients must be dialled.
         */
        boolean dialsWhomItIsTold() {
            return this != TRANSMISSION;
        }

        /** Starts the client, and waits until it listens and, as a seed, has verified its data. */
        RealClient start(Scene scene, String name, String ip, Task task) {
            return switch (this) {
                case LIBTORRENT -> new LibtorrentClient(scene, name, ip, task);
                case TRANSMISSION -> new TransmissionClient(scene, name, ip, task);
                case WEBTORRENT -> new WebtorrentClient(scene, name, ip, task);
            };
        }
    }

    /** Returns the address on which it listens, {@code IP:PORT}. */
    String address();

    /** Returns the address for one of our wires. */
    default InetSocketAddress socketAddress() {
        String[] parts = address().split(":");
        return new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
    }

    /** Returns whether every piece is verified. */
    boolean isComplete();

    /** Returns the IP addresses of all peers of its connections so far, as far as it reports them. */
    Set<String> peers();

    /** Returns whether its connection with this IP address is or was encrypted, as far as it reports that. */
    boolean isEncryptedWith(String ip);

    /** Returns whether it received the metadata of a magnet link, with this name and number of pieces. */
    boolean hasMetadata(String name, int pieces);
}
