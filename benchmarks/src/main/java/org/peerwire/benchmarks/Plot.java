/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;

/** A bar chart, with one group per load and one bar per peer. */
final class Plot {
    private Plot() {}

    /**
     * Writes a plot.
     *
     * @param file the path without the ending {@code .png}
     */
    static void write(Results results, String work, String value, String unit, Path file) throws IOException {
        System.setProperty("java.awt.headless", "true");
        CategoryChart chart = new CategoryChartBuilder()
                .width(800)
                .height(400)
                .title(work)
                .xAxisTitle("requests outstanding x wires")
                .yAxisTitle(unit)
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        List<String> loads = results.loads(work);
        for (String peer : results.peers(work)) {
            List<Double> bars = loads.stream()
                    .map(load -> results.median(work, peer, load, value).orElse(0))
                    .toList();
            chart.addSeries(peer, loads, bars);
        }
        BitmapEncoder.saveBitmap(chart, file.toString(), BitmapFormat.PNG);
    }
}
