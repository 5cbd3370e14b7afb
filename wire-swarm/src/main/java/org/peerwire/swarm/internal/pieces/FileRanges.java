/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import java.util.ArrayList;
import java.util.List;
import org.peerwire.message.BlockRequest;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentFile;
import org.peerwire.swarm.RangeSource;

/** The ranges of files under the bytes of a torrent. Immutable. */
final class FileRanges {
    private final Torrent torrent;

    /** The files with at least one byte, in order. */
    private final List<TorrentFile> files;

    FileRanges(Torrent torrent) {
        this.torrent = torrent;
        this.files = torrent.files().stream().filter(file -> file.length() > 0).toList();
    }

    /** Returns the ranges of files from the first to the last of some blocks without gaps. */
    List<RangeSource.Range> under(List<BlockRequest> blocks) {
        BlockRequest first = blocks.get(0);
        BlockRequest last = blocks.get(blocks.size() - 1);
        long at = start(first);
        long end = start(last) + last.length();
        List<RangeSource.Range> ranges = new ArrayList<>();
        for (int i = fileAt(at); at < end; i++) {
            TorrentFile file = files.get(i);
            int length = (int) Math.min(end - at, file.offset() + file.length() - at);
            ranges.add(new RangeSource.Range(torrent, file, at - file.offset(), length));
            at += length;
        }
        return ranges;
    }

    /** Returns true if the second block begins where the first one ends. */
    boolean follows(BlockRequest first, BlockRequest second) {
        return start(first) + first.length() == start(second);
    }

    /** Returns the first piece with a byte of a file. */
    int firstPiece(TorrentFile file) {
        return (int) (file.offset() / torrent.pieceLength());
    }

    /** Returns the last piece with a byte of a file. */
    int lastPiece(TorrentFile file) {
        return (int) ((file.offset() + file.length() - 1) / torrent.pieceLength());
    }

    private long start(BlockRequest block) {
        return (long) block.piece() * torrent.pieceLength() + block.offset();
    }

    private int fileAt(long offset) {
        int low = 0;
        int high = files.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (files.get(middle).offset() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
