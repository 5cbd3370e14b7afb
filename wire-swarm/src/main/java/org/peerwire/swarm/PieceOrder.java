/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import java.time.Duration;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.peerwire.metadata.FileSelection;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentFile;

/** The pieces that are wanted, and the order in which they are requested and emitted. Immutable. */
public final class PieceOrder {
    private static final PieceOrder RAREST_FIRST =
            new PieceOrder(PieceOrder::rarest, 0, FileSelection.ALL, null, Map.of());

    private final PieceStrategy strategy;
    private final int window;
    private final FileSelection files;
    private final @Nullable Range range;
    private final Map<Integer, Duration> deadlines;

    private record Range(long from, long to) {}

    private PieceOrder(
            PieceStrategy strategy,
            int window,
            FileSelection files,
            @Nullable Range range,
            Map<Integer, Duration> deadlines) {
        this.strategy = strategy;
        this.window = window;
        this.files = files;
        this.range = range;
        this.deadlines = deadlines;
    }

    /** Returns all pieces, those that the fewest peers have first. Equal pieces are in random order. */
    public static PieceOrder rarestFirst() {
        return RAREST_FIRST;
    }

    /** Returns all pieces in random order. */
    public static PieceOrder random() {
        return by(choice -> choice.candidates().stream()
                .skip(choice.random().nextInt(choice.candidates().cardinality()))
                .findFirst()
                .orElse(-1));
    }

    /**
     * Returns all pieces in the order of their index, for streams. They are emitted in this order too.
     *
     * @param window the number of pieces after the first missing one that may be requested, 1 or more. The options of
     *     the swarm may hold fewer
     */
    public static PieceOrder sequential(int window) {
        if (window < 1) {
            throw new IllegalArgumentException("window must be at least 1, was " + window);
        }
        return new PieceOrder(choice -> first(choice, window), window, FileSelection.ALL, null, Map.of());
    }

    /** Returns all pieces in an order of the user. */
    public static PieceOrder by(PieceStrategy strategy) {
        return new PieceOrder(strategy, 0, FileSelection.ALL, null, Map.of());
    }

    /** Returns this order for the pieces with bytes of the selected files only. */
    public PieceOrder files(FileSelection files) {
        return new PieceOrder(strategy, window, files, range, deadlines);
    }

    /**
     * Returns this order for the pieces with bytes of a range of the torrent only.
     *
     * @param from the offset of the first byte within the torrent
     * @param to the offset after the last byte
     */
    public PieceOrder bytes(long from, long to) {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException("from must be at least 0 and to greater, was " + from + " to " + to);
        }
        return new PieceOrder(strategy, window, files, new Range(from, to), deadlines);
    }

    /**
     * Returns this order with a deadline for a piece. Pieces with a deadline are requested before all others, the
     * earliest first. After half of the time, missing blocks are requested from several peers.
     *
     * @param within the time from the subscription
     */
    public PieceOrder deadline(int piece, Duration within) {
        Map<Integer, Duration> all = new TreeMap<>(deadlines);
        all.put(piece, within);
        return new PieceOrder(strategy, window, files, range, Map.copyOf(all));
    }

    /** Returns the strategy. */
    public PieceStrategy strategy() {
        return strategy;
    }

    /** Returns true if the pieces are emitted in the order of their index. */
    public boolean isSequential() {
        return window > 0;
    }

    /** Returns the deadlines of pieces. */
    public Map<Integer, Duration> deadlines() {
        return deadlines;
    }

    /**
     * Returns the pieces of a torrent that are wanted.
     *
     * @throws IllegalArgumentException if a file or range is selected that the torrent does not have
     */
    public BitSet wanted(Torrent torrent) {
        BitSet wanted = new BitSet();
        if (files.isAll()) {
            wanted.set(0, torrent.pieceCount());
        } else {
            int index = 0;
            boolean found = false;
            for (TorrentFile file : torrent.files()) {
                if (files.contains(index++)) {
                    found = true;
                    if (file.length() > 0 && !file.padding()) {
                        wanted.set(
                                piece(torrent, file.offset()), piece(torrent, file.offset() + file.length() - 1) + 1);
                    }
                }
            }
            if (!found) {
                throw new IllegalArgumentException(
                        "files must select at least one of " + index + " files, was " + files);
            }
        }
        Range bytes = range;
        if (bytes != null) {
            if (bytes.to() > torrent.length()) {
                throw new IllegalArgumentException(
                        "to must be at most " + torrent.length() + ", the length of the torrent, was " + bytes.to());
            }
            BitSet inside = new BitSet();
            inside.set(piece(torrent, bytes.from()), piece(torrent, bytes.to() - 1) + 1);
            wanted.and(inside);
        }
        return wanted;
    }

    private static int piece(Torrent torrent, long offset) {
        return (int) (offset / torrent.pieceLength());
    }

    private static int first(PieceStrategy.Choice choice, int window) {
        int first = choice.candidates().nextSetBit(0);
        return first < (long) choice.first() + window ? first : -1;
    }

    private static int rarest(PieceStrategy.Choice choice) {
        int rarest = -1;
        int least = Integer.MAX_VALUE;
        int ties = 0;
        BitSet candidates = choice.candidates();
        for (int piece = candidates.nextSetBit(0); piece >= 0; piece = candidates.nextSetBit(piece + 1)) {
            int availability = choice.availability(piece);
            if (availability < least) {
                rarest = piece;
                least = availability;
                ties = 1;
            } else if (availability == least && choice.random().nextInt(++ties) == 0) {
                rarest = piece;
            }
        }
        return rarest;
    }
}
