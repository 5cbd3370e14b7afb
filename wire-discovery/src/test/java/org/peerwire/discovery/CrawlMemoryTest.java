/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process with a heap of 64 MiB crawls 10,000 hashes of honest, lying, silent and refusing peers. */
class CrawlMemoryTest {

    @Test
    @Timeout(300)
    void finishedHashesLeaveNothingInTheHeap() throws IOException, InterruptedException {
        List<long[]> lines = SmallHeap.run(CrawlTrial.class);

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
