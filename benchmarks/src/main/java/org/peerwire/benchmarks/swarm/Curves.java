/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.swarm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A picture of the complete part of the leeches over time: one panel for each size, one curve for each strategy. */
final class Curves {
    private static final int WIDTH = 300;
    private static final int HEIGHT = 200;
    private static final int LEFT = 45;
    private static final int TOP = 30;
    private static final int BOTTOM = 60;
    private static final List<String> COLORS = List.of("#1b6ca8", "#d1495b", "#66a182");

    private Curves() {}

    /** Writes a file of SVG. */
    static void write(List<Outcome> outcomes, Path file) throws IOException {
        List<Integer> sizes = outcomes.stream()
                .map(outcome -> outcome.setup().leeches())
                .distinct()
                .toList();
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' font-size='11'>%n"
                        + "<rect width='100%%' height='100%%' fill='white'/>%n",
                sizes.size() * (WIDTH + LEFT + 15),
                TOP + HEIGHT + BOTTOM));
        for (int i = 0; i < sizes.size(); i++) {
            int size = sizes.get(i);
            panel(
                    svg,
                    LEFT + i * (WIDTH + LEFT + 15),
                    size + " leeches",
                    outcomes.stream()
                            .filter(outcome -> outcome.setup().leeches() == size)
                            .toList());
        }
        Files.writeString(file, svg.append("</svg>\n"));
    }

    private static void panel(StringBuilder svg, int left, String title, List<Outcome> outcomes) {
        double latest = outcomes.stream()
                .mapToDouble(outcome -> Outcome.quantile(outcome.all(), 1))
                .max()
                .orElse(1);
        double end = 60 * Math.ceil(latest / 60);
        text(svg, left + WIDTH / 2, TOP - 10, "middle", title);
        text(svg, left + WIDTH / 2, TOP + HEIGHT + 32, "middle", "minutes since joining");
        for (int part = 0; part <= 4; part++) {
            int y = TOP + HEIGHT - part * HEIGHT / 4;
            line(svg, left, y, left + WIDTH, y);
            text(svg, left - 5, y + 4, "end", 25 * part + " %");
        }
        int step = (int) Math.max(1, Math.ceil(end / 60 / 8));
        for (int minute = 0; minute <= end / 60; minute += step) {
            int x = left + (int) (minute * 60 * WIDTH / end);
            line(svg, x, TOP, x, TOP + HEIGHT);
            text(svg, x, TOP + HEIGHT + 15, "middle", String.valueOf(minute));
        }
        for (int i = 0; i < outcomes.size(); i++) {
            curve(svg, left, end, outcomes.get(i), i);
        }
    }

    private static void curve(StringBuilder svg, int left, double end, Outcome outcome, int number) {
        String color = COLORS.get(number % COLORS.size());
        List<Double> times = outcome.all();
        svg.append("<polyline fill='none' stroke-width='1.5' stroke='")
                .append(color)
                .append("' points='");
        for (int percent = 0; percent <= 100; percent++) {
            double at = Outcome.quantile(times, Math.max(percent / 100.0, 1e-9));
            svg.append(String.format(
                    Locale.ROOT, "%.1f,%.1f ", left + at * WIDTH / end, TOP + HEIGHT - percent * HEIGHT / 100.0));
        }
        svg.append("'/>\n");
        String name = outcome.setup().strategy().label();
        svg.append("<g fill='").append(color).append("'>");
        text(svg, left + number * WIDTH / 3, TOP + HEIGHT + 50, "start", name);
        svg.append("</g>\n");
    }

    private static void line(StringBuilder svg, int x1, int y1, int x2, int y2) {
        svg.append(
                String.format(Locale.ROOT, "<line x1='%d' y1='%d' x2='%d' y2='%d' stroke='#ddd'/>%n", x1, y1, x2, y2));
    }

    private static void text(StringBuilder svg, int x, int y, String anchor, String text) {
        svg.append(String.format(Locale.ROOT, "<text x='%d' y='%d' text-anchor='%s'>%s</text>%n", x, y, anchor, text));
    }
}
