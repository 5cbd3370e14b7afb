/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.peerwire.examples.swarm.SwarmEvent;

class BarReportTest {
    @Test
    void progressAfterTheCloseStartsNoBar() {
        StringWriter text = new StringWriter();
        BarReport report = new BarReport(new PrintWriter(text, true));
        report.on(new SwarmEvent.Progress(1, 2, 3, 4));
        report.close();
        String before = text.toString();

        report.on(new SwarmEvent.Progress(2, 2, 3, 4));
        report.close();

        assertThat(text).hasToString(before);
    }
}
