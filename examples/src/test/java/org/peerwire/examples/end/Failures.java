/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The cells that failed: one line for all cuts of a group that failed in the same way. */
final class Failures {
    private static final int SHOWN_CUTS = 6;

    private final Map<String, Group> groups = new TreeMap<>();
    private int cells;
    private int failed;

    private static final class Group {
        int cells;
        int opened;
        final Map<String, List<Cut>> cuts = new TreeMap<>();
    }

    /** Records a cell; without faults it has passed. */
    void add(Cell cell, Collection<String> faults) {
        cells++;
        Group group = groups.computeIfAbsent(cell.group(), name -> new Group());
        group.cells++;
        group.opened += cell.cut().isOpened() ? 1 : 0;
        if (!faults.isEmpty()) {
            failed++;
            String text = String.join(", ", new TreeSet<>(faults));
            group.cuts.computeIfAbsent(text, first -> new ArrayList<>()).add(cell.cut());
        }
    }

    int failed() {
        return failed;
    }

    /** Returns the number of failed cells and of the cells with each fault. */
    String summary() {
        return text(fault -> "");
    }

    /** Returns the summary with a line for each group of cells. */
    String report() {
        Map<String, StringBuilder> lines = new TreeMap<>();
        groups.forEach((name, group) -> group.cuts.forEach((fault, cuts) -> lines.computeIfAbsent(
                        fault, first -> new StringBuilder())
                .append(String.format("    %s: %d of %d, %s%n", name, cuts.size(), group.cells, text(cuts, group)))));
        return text(fault -> lines.getOrDefault(fault, new StringBuilder()).toString());
    }

    private String text(UnaryOperator<String> linesOf) {
        Map<String, Integer> counts = new TreeMap<>();
        groups.values()
                .forEach(group -> group.cuts.forEach((fault, cuts) -> counts.merge(fault, cuts.size(), Integer::sum)));
        return failed + " of " + cells + " cells failed\n"
                + counts.entrySet().stream()
                        .map(entry -> "  " + entry.getKey() + ": " + entry.getValue() + " cells\n"
                                + linesOf.apply(entry.getKey()))
                        .collect(Collectors.joining());
    }

    private static String text(List<Cut> cuts, Group group) {
        if (cuts.size() == group.cells) {
            return group.opened == group.cells ? "every cut from the handshake on" : "every cut";
        }
        if (cuts.size() == group.opened && cuts.stream().allMatch(Cut::isOpened)) {
            return "every cut from the handshake on";
        }
        return cuts.stream().limit(SHOWN_CUTS).map(Cut::toString).collect(Collectors.joining("; "))
                + (cuts.size() > SHOWN_CUTS ? "; ..." : "");
    }
}
