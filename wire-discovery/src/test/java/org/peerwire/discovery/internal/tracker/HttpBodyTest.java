/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.peerwire.discovery.TrackerException;

/** Attack A-85. */
class HttpBodyTest {

    @Test
    void aBodyThatInflatesBeyondTheLimitTakesLittleMemory() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            byte[] part = new byte[1024 * 1024];
            for (int i = 0; i < 200; i++) {
                gzip.write(part);
            }
        }
        HttpBody body = new HttpBody();
        body.add(bomb.toByteArray());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Throwable error = catchThrowable(body::content);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(20L * 1024 * 1024);
        assertThat(error).isInstanceOfSatisfying(TrackerException.class, e -> assertThat(e.reason())
                .isEqualTo(TrackerException.Reason.TOO_LARGE));
    }
}
