/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How {@link Torrent#create} makes a torrent.
 *
 * @param pieceLength bytes in a piece: a power of two from {@link #MIN_PIECE_LENGTH} to {@link #MAX_PIECE_LENGTH}, or 0
 *     for the one that gives 1,000 to 2,000 pieces, as far as these limits let it
 * @param isPrivate whether only peers from its trackers may be used (BEP 27)
 * @param trackers tracker URLs in tiers, first tier first
 * @param comment what to say to people, or null
 * @param creationDate when it was made, to the second, or null to leave that out: then the same files always give the
 *     same torrent
 */
public record TorrentOptions(
        int pieceLength,
        boolean isPrivate,
        List<List<String>> trackers,
        @Nullable String comment,
        @Nullable Instant creationDate) {

    /** The shortest piece: 16 KiB. */
    public static final int MIN_PIECE_LENGTH = 16 * 1024;

    /** The longest piece: 16 MiB. */
    public static final int MAX_PIECE_LENGTH = 16 * 1024 * 1024;

    private static final TorrentOptions DEFAULTS = new TorrentOptions(0, false, List.of(), null, null);

    /** Checks the piece length and copies the list. */
    public TorrentOptions {
        boolean automatic = pieceLength == 0;
        boolean fits = pieceLength >= MIN_PIECE_LENGTH && pieceLength <= MAX_PIECE_LENGTH;
        if (!automatic && (!fits || Integer.bitCount(pieceLength) != 1)) {
            throw new IllegalArgumentException("the piece length is a power of two from " + MIN_PIECE_LENGTH + " to "
                    + MAX_PIECE_LENGTH + ", not " + pieceLength);
        }
        trackers = trackers.stream().map(List::copyOf).toList();
    }

    /** A public torrent without trackers, comment and date, with a piece length that suits the data. */
    public static TorrentOptions defaults() {
        return DEFAULTS;
    }

    /** With this piece length. */
    public TorrentOptions withPieceLength(int pieceLength) {
        return new TorrentOptions(pieceLength, isPrivate, trackers, comment, creationDate);
    }

    /** Private or not. */
    public TorrentOptions withPrivate(boolean isPrivate) {
        return new TorrentOptions(pieceLength, isPrivate, trackers, comment, creationDate);
    }

    /** With these trackers, in tiers. */
    public TorrentOptions withTrackers(List<List<String>> trackers) {
        return new TorrentOptions(pieceLength, isPrivate, trackers, comment, creationDate);
    }

    /** With this comment. */
    public TorrentOptions withComment(String comment) {
        return new TorrentOptions(pieceLength, isPrivate, trackers, comment, creationDate);
    }

    /** With this date. */
    public TorrentOptions withCreationDate(Instant creationDate) {
        return new TorrentOptions(pieceLength, isPrivate, trackers, comment, creationDate);
    }

    /** The piece length for this much data. */
    int pieceLengthFor(long length) {
        int chosen = pieceLength == 0 ? MIN_PIECE_LENGTH : pieceLength;
        while (pieceLength == 0 && chosen < MAX_PIECE_LENGTH && length > 2_000L * chosen) {
            chosen *= 2;
        }
        return chosen;
    }
}
