/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.extension.Extension;
import org.peerwire.message.Feature;

/**
 * What we present to the other side of a wire. Immutable; the {@code with…} methods return another.
 *
 * @param infoHash which torrent
 * @param v2InfoHash the truncated version 2 hash of the same torrent when it is a hybrid, else null; a peer may then
 *     answer with it if both have {@link Feature#V2_UPGRADE} (BEP 52)
 * @param peerId what we call ourselves
 * @param features what we can do
 * @param extensions what we speak over the extension protocol, each by its name once
 * @param shape how the torrent is cut, or null while that is not known; see {@link Wire#shape(TorrentShape)}
 * @param listenPort the TCP port we accept wires on, announced to the peer, or 0 for none
 */
public record LocalPeer(
        InfoHash infoHash,
        @Nullable InfoHash v2InfoHash,
        PeerId peerId,
        Features features,
        List<Extension> extensions,
        @Nullable TorrentShape shape,
        int listenPort) {

    /** One byte numbers them: 0 is the extended handshake, and one goes to {@code lt_donthave}. */
    private static final int MAX_EXTENSIONS = 254;

    /** Checks the port and the names, and copies the list. */
    public LocalPeer {
        extensions = List.copyOf(extensions);
        Ranges.check("listenPort", listenPort, 0, 65_535);
        Ranges.check("extensions.size()", extensions.size(), 0, MAX_EXTENSIONS);
        List<String> names = extensions.stream().map(Extension::name).toList();
        if (names.contains("") || Set.copyOf(names).size() != names.size()) {
            throw Ranges.failure("extensions", "of distinct names that are not empty", names);
        }
    }

    /** A peer with {@link Features#DEFAULT} and no extension. */
    public static LocalPeer of(InfoHash infoHash, PeerId peerId) {
        return new LocalPeer(infoHash, null, peerId, Features.DEFAULT, List.of(), null, 0);
    }

    /** With these features. */
    public LocalPeer withFeatures(Features features) {
        return new LocalPeer(infoHash, v2InfoHash, peerId, features, extensions, shape, listenPort);
    }

    /** With one more extension. */
    public LocalPeer withExtension(Extension extension) {
        List<Extension> more = new ArrayList<>(extensions);
        more.add(extension);
        return new LocalPeer(infoHash, v2InfoHash, peerId, features, more, shape, listenPort);
    }

    /** With the shape of the torrent. */
    public LocalPeer withShape(TorrentShape shape) {
        return new LocalPeer(infoHash, v2InfoHash, peerId, features, extensions, shape, listenPort);
    }

    /** With the port we accept wires on. */
    public LocalPeer withListenPort(int listenPort) {
        return new LocalPeer(infoHash, v2InfoHash, peerId, features, extensions, shape, listenPort);
    }

    /** With the version 2 hash of a hybrid torrent, and the feature that offers it. */
    public LocalPeer withV2(InfoHash v2InfoHash) {
        return new LocalPeer(
                infoHash, v2InfoHash, peerId, features.with(Feature.V2_UPGRADE), extensions, shape, listenPort);
    }
}
