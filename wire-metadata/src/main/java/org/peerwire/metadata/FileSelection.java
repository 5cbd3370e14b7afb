/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A selection of the files of a torrent by index, from 0 (BEP 53). Stored as ranges, so memory does not depend on the
 * number of files. Immutable.
 *
 * @param ranges sorted ranges with at least one index between them; empty for every file
 */
public record FileSelection(List<Range> ranges) {
    /** The largest index that a link may contain. No torrent has that many files. */
    public static final int MAX_INDEX = 99_999_999;

    /** The selection of every file. */
    public static final FileSelection ALL = new FileSelection(List.of());

    /**
     * A range of indices.
     *
     * @param first the first index, 0 or more
     * @param last the last index, inclusive; {@code first} or more
     */
    public record Range(int first, int last) {

        /** Checks the indices. */
        public Range {
            Ranges.atLeast("first", first, 0);
            Ranges.atLeast("last", last, first);
        }

        @Override
        public String toString() {
            return first == last ? Integer.toString(first) : first + "-" + last;
        }
    }

    /** Sorts the ranges and joins adjacent ones. */
    public FileSelection {
        List<Range> joined = new ArrayList<>();
        for (Range range :
                ranges.stream().sorted(Comparator.comparingInt(Range::first)).toList()) {
            Range before = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (before == null || range.first() - 1 > before.last()) {
                joined.add(range);
            } else if (range.last() > before.last()) {
                joined.set(joined.size() - 1, new Range(before.first(), range.last()));
            }
        }
        ranges = List.copyOf(joined);
    }

    /**
     * Returns the selection of the files whose bits are set, or {@link #ALL} if they are all files.
     *
     * @param fileCount the number of files in the torrent
     * @throws IllegalArgumentException if no bit is set, or a bit at {@code fileCount} or above
     */
    public static FileSelection of(BitSet selected, int fileCount) {
        if (selected.isEmpty() || selected.length() > fileCount) {
            throw Ranges.failure("selected", "one or more bits below " + fileCount, selected);
        }
        List<Range> ranges = new ArrayList<>();
        for (int from = selected.nextSetBit(0); from >= 0; ) {
            int end = selected.nextClearBit(from);
            ranges.add(new Range(from, end - 1));
            from = selected.nextSetBit(end);
        }
        return selected.cardinality() == fileCount ? ALL : new FileSelection(ranges);
    }

    /**
     * Returns the selection in a text of indices and ranges, separated by commas ({@code 0,2,4,6-8}). Skips a part that
     * is malformed, in reverse order or above {@link #MAX_INDEX}. Returns {@link #ALL} if no part remains.
     */
    public static FileSelection parse(String text) {
        List<Range> ranges = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            int dash = part.indexOf('-');
            int first = index(dash < 0 ? part : part.substring(0, dash));
            int last = dash < 0 ? first : index(part.substring(dash + 1));
            if (first >= 0 && last >= first) {
                ranges.add(new Range(first, last));
            }
        }
        return new FileSelection(ranges);
    }

    /** Returns the number, or -1 if it is malformed or too large. */
    private static int index(String digits) {
        String number = digits.strip();
        if (number.isEmpty() || number.length() > 9 || !number.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int index = Integer.parseInt(number);
        return index <= MAX_INDEX ? index : -1;
    }

    /** Returns true if every file is selected. */
    public boolean isAll() {
        return ranges.isEmpty();
    }

    /** Returns true if the file with this index is selected. */
    public boolean contains(int index) {
        int low = 0;
        int high = ranges.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Range range = ranges.get(middle);
            if (index < range.first()) {
                high = middle - 1;
            } else if (index > range.last()) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return isAll();
    }

    /** Returns the shortest text for {@link #parse}, which is empty for {@link #ALL}. */
    @Override
    public String toString() {
        return ranges.stream().map(Range::toString).collect(Collectors.joining(","));
    }
}
