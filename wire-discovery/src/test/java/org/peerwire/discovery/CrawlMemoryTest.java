/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process with a heap of 64 MiB crawls 10,000 hashes of honest, lying, silent and refusing peers. */
class CrawlMemoryTest {

    @Test
    @Timeout(300)
    void finishedHashesLeaveNothingInTheHeap() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC", // whose collections are complete
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrawlTrial.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<long[]> lines;
        try {
            lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> Stream.of(line.split(" "))
                            .mapToLong(Long::parseLong)
                            .toArray())
                    .toList();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        assertThat(process.exitValue()).isZero();
        assertThat(lines)
                .hasSize(CrawlTrial.HASHES / CrawlTrial.STEP)
                .allSatisfy(line -> assertThat(line[3]).as("connections").isZero());
        long[] last = lines.get(lines.size() - 1);
        assertThat(last[0]).isEqualTo(CrawlTrial.HASHES);
        assertThat(last[1]).isEqualTo(CrawlTrial.HASHES - CrawlTrial.HASHES / CrawlTrial.HOPELESS);
        // after 4,000 all addresses are known. 40 bytes for each hash would be 195 KiB, the last step frees the crawler
        assertThat(lines.get(8)[2] - lines.get(3)[2]).as("growth in KiB").isLessThan(195);
    }
}
