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
 * What a JVM holds at one moment, in bytes.
 *
 * @param wires open wires
 * @param heap on the heap, after collections
 * @param direct outside the heap: the JVM's direct buffers and those Netty allocates past it, its pool included
 * @param rss resident memory of the process ({@code VmRSS})
 * @param rssPeak the most that has ever been ({@code VmHWM})
 */
public record Memory(long wires, long heap, long direct, long rss, long rssPeak) {
    private static final int PROBE = 16 * 1024 * 1024;
    private static final int COLLECTIONS = 3;

    /** Whether the JVM counts Netty's buffers among its own: that depends on the JDK. */
    private static final boolean NETTY_IN_JVM = isNettyInJvm();

    /** Collects garbage and looks. */
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

    /** As one line, for {@link #parse}. */
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

    /** A line of the process's status, which has KiB; 0 where there is none, as on other systems than Linux. */
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
