/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.List;
import java.util.Set;
import org.peerwire.bencode.BencodeValue;

/**
 * A file as the info dictionary has it.
 *
 * @param path the name of the torrent and, for a folder, the path inside it
 * @param length the length in bytes
 * @param offset the position of the first byte in the torrent
 * @param attributes the attributes
 */
record RawFile(List<BencodeValue> path, long length, long offset, Set<TorrentFile.Attribute> attributes) {
    /** The maximum number of elements of a path. No file system has deeper folders in practice. */
    static final int MAX_DEPTH = 100;

    RawFile {
        if (path.size() > MAX_DEPTH) {
            throw TorrentException.malformed(
                    "the path of a file must have at most " + MAX_DEPTH + " elements, had " + path.size());
        }
    }

    boolean isPadding() {
        return attributes.contains(TorrentFile.Attribute.PADDING);
    }

    TorrentFile at(List<String> safePath) {
        return new TorrentFile(safePath, length, offset, attributes, path);
    }
}
