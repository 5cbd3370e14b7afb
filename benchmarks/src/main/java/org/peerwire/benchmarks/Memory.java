/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The memory of a JVM at one moment, in bytes.
 *
 * @param wires the number of open wires
 * @param heap the used heap after garbage collections
 * @param direct the memory outside the heap: direct buffers of the JVM and of Netty, with its pool
 * @param rss the resident memory of the process ({@code VmRSS})
 * @param rssPeak the maximum resident memory so far ({@code VmHWM})
 */
public record Memory(long wires, long heap, long direct, long rss, long rssPeak) {
    private static final int PROBE = 16 * 1024 * 1024;
    private static final int COLLECTIONS = 3;

    /** True if the JVM counts the buffers of Netty as its own, which depends on the JDK. */
    private static final boolean NETTY_IN_JVM = isNettyInJvm();

    /** Collects garbage, and returns the memory after it. */
    public static Memory afterCollection(long wires) {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        long direct = jvmDirect() + (NETTY_IN_JVM ? 0 : Math.max(0, PlatformDependent.usedDirectMemory()));
        return new Memory(wires, heap, direct, status("VmRSS:"), status("VmHWM:"));
    }

    long total() {
        return heap + direct;
    }

    /** Returns one line for {@link #parse}. */
    public String line() {
        return wires + " " + heap + " " + direct + " " + rss + " " + rssPeak;
    }

    static Memory parse(String line) {
        long[] numbers =
                Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
        return new Memory(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
    }

    static String kib(double bytes) {
        return String.format("%.2f KiB", bytes / 1024);
    }

    static String mib(double bytes) {
        return String.format("%.2f MiB", bytes / (1024 * 1024));
    }

    private static boolean isNettyInJvm() {
        long before = jvmDirect();
        ByteBuf probe = ByteBufAllocator.DEFAULT.directBuffer(PROBE);
        try {
            return jvmDirect() - before >= PROBE;
        } finally {
            probe.release();
        }
    }

    private static long jvmDirect() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    /** Returns a value of the status of the process, which is in KiB; 0 on other systems than Linux. */
    private static long status(String key) {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith(key))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
