/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BarReportTest {
    @Test
    void progressAfterTheCloseStartsNoBar() {
        StringWriter text = new StringWriter();
        BarReport report = new BarReport(new PrintWriter(text, true));
        report.on(new CliEvent.Progress(1, 2, 3, 4));
        report.close();
        String before = text.toString();

        report.on(new CliEvent.Progress(2, 2, 3, 4));
        report.close();

        assertThat(text).hasToString(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 20, 79, 200})
    void theBarFitsTheTerminal(int columns) {
        StringWriter text = new StringWriter();
        BarReport report = new BarReport(new PrintWriter(text, true), () -> columns);
        long mib = 1 << 20;

        report.on(new CliEvent.Progress(45 * mib, 100 * mib, mib, 2));
        report.close(); // draws once more

        List<String> drawn = Arrays.stream(text.toString().split("[\r\n]+"))
                .map(line -> line.replace("\u001b[K", ""))
                .filter(line -> !line.isEmpty())
                .toList();
        assertThat(drawn).isNotEmpty().allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(columns));
        assertThat(drawn.get(drawn.size() - 1)).contains("45");
        if (columns > 50) {
            assertThat(drawn).anySatisfy(line -> assertThat(line).contains("=").hasSizeGreaterThan(columns - 2));
        }
    }
}
