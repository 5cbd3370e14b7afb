/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.extension.Extension;
import org.peerwire.message.Feature;

/**
 * The peer that this side presents on a wire. Immutable; each {@code with…} method returns a changed copy.
 *
 * @param infoHash the torrent
 * @param v2InfoHash the truncated version 2 hash of a hybrid torrent, else null; the other side may answer with it if
 *     both have {@link Feature#V2_UPGRADE} (BEP 52)
 * @param peerId the id of this side
 * @param features the features of this side
 * @param extensions the extensions of this side (BEP 10), at most 254, with distinct names
 * @param shape the shape of the torrent, or null before it is known; see {@link Wire#shape(TorrentShape)}
 * @param listenPort the TCP port that accepts wires, announced to the peer, or 0 for none
 */
public record LocalPeer(
        InfoHash infoHash,
        @Nullable InfoHash v2InfoHash,
        PeerId peerId,
        Features features,
        List<Extension> extensions,
        @Nullable TorrentShape shape,
        int listenPort) {

    /** The ids of one byte, without 0 for the extended handshake and one for {@code lt_donthave}. */
    private static final int MAX_EXTENSIONS = 254;

    /**
     * Checks the ranges and copies the list.
     *
     * @throws IllegalArgumentException if the port is not 0 to 65535, or an extension's name is empty or repeated, or
     *     there are more than 254 extensions
     */
    public LocalPeer {
        extensions = List.copyOf(extensions);
        Ranges.check("listenPort", listenPort, 0, 65_535);
        Ranges.check("extensions.size()", extensions.size(), 0, MAX_EXTENSIONS);
        List<String> names = extensions.stream().map(Extension::name).toList();
        if (names.contains("") || Set.copyOf(names).size() != names.size()) {
            throw Ranges.failure("extensions", "of distinct names that are not empty", names);
        }
    }

    /** Returns a peer with {@link Features#DEFAULT}, no extension, no shape and no port. */
    public static LocalPeer of(InfoHash infoHash, PeerId peerId) {
        return new LocalPeer(infoHash, null, peerId, Features.DEFAULT, List.of(), null, 0);
    }

    /** Returns a copy with other features. */
    public LocalPeer withFeatures(Features features) {
        return new LocalPeer(infoHash, v2InfoHash, peerId, features, extensions, shape, listenPort);
    }

    /** Returns a copy with one more extension. */
    public LocalPeer withExtension(Extension extension) {
        List<Extension> more = new ArrayList<>(extensions);
        more.add(extension);
        return new LocalPeer(infoHash, v2InfoHash, peerId, features, more, shape, listenPort);
    }

    /** Returns a copy with the shape of the torrent. */
    public LocalPeer withShape(TorrentShape shape) {
        return new LocalPeer(infoHash, v2InfoHash, peerId, features, extensions, shape, listenPort);
    }

    /** Returns a copy with the port that accepts wires. */
    public LocalPeer withListenPort(int listenPort) {
        return new LocalPeer(infoHash, v2InfoHash, peerId, features, extensions, shape, listenPort);
    }

    /** Returns a copy with the version 2 hash of a hybrid torrent and {@link Feature#V2_UPGRADE}. */
    public LocalPeer withV2(InfoHash v2InfoHash) {
        return new LocalPeer(
                infoHash, v2InfoHash, peerId, features.with(Feature.V2_UPGRADE), extensions, shape, listenPort);
    }
}
