/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.peerwire.TorrentShape;
import org.peerwire.metadata.FileSelection;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentFile;

/** The bytes of a torrent that people count: all but padding (BEP 47), which is in no file on disk. */
final class Contents {
    private final TorrentShape shape;
    private final List<TorrentFile> files;
    private final Map<Integer, Long> padding = new HashMap<>();

    private Contents(Torrent torrent) {
        this.shape = torrent.shape();
        this.files = torrent.files();
        files.stream().filter(TorrentFile::padding).forEach(this::pad);
    }

    /** Returns the contents of a torrent. */
    static Contents of(Torrent torrent) {
        return new Contents(torrent);
    }

    private void pad(TorrentFile file) {
        long end = file.offset() + file.length();
        for (long at = file.offset(); at < end; ) {
            int piece = (int) (at / shape.pieceLength());
            long next = Math.min(end, (piece + 1L) * shape.pieceLength());
            padding.merge(piece, next - at, Long::sum);
            at = next;
        }
    }

    /** Returns the number of bytes of the selected files. */
    long length(FileSelection selected) {
        long length = 0;
        for (int i = 0; i < files.size(); i++) {
            if (selected.contains(i) && !files.get(i).padding()) {
                length += files.get(i).length();
            }
        }
        return length;
    }

    /** Returns the number of bytes of files in some pieces. */
    long length(BitSet pieces) {
        return pieces.stream()
                .mapToLong(piece -> shape.pieceLength(piece) - padding.getOrDefault(piece, 0L))
                .sum();
    }
}
