/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import io.netty.util.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The machine and the use of its processors, read from /proc on Linux. */
final class Machine {
    private static final double TICKS_PER_SECOND = 100;
    private static final double QUIET = 0.25;

    private Machine() {}

    /** The CPU seconds of all processes, of the hypervisor, and of this process with its children, at one moment. */
    record Moment(long nanos, double busy, double stolen, double ours) {

        /** Returns the average number of processors used by others since this moment, and by the hypervisor. */
        double[] noiseSince() {
            Moment now = now();
            double seconds = (now.nanos - nanos) / 1e9;
            double taken = (now.stolen - stolen) / seconds;
            double others = (now.busy - busy - (now.ours - ours)) / seconds - taken;
            return new double[] {Math.max(0, others), taken};
        }
    }

    static Moment now() {
        String[] cpu = lines("/proc/stat").get(0).trim().split("\\s+", -1);
        double busy = 0;
        for (int i = 1; i <= 8; i++) {
            busy += i == 4 || i == 5 ? 0 : Long.parseLong(cpu[i]);
        }
        double ours = Stream.concat(
                        Stream.of(ProcessHandle.current()),
                        ProcessHandle.current().descendants())
                .mapToDouble(process -> ticks(process.pid(), true))
                .sum();
        return new Moment(
                System.nanoTime(),
                busy / TICKS_PER_SECOND,
                Long.parseLong(cpu[8]) / TICKS_PER_SECOND,
                ours / TICKS_PER_SECOND);
    }

    /** Returns the CPU seconds of a process and its threads. */
    static double cpuSeconds(long pid) {
        return ticks(pid, false) / TICKS_PER_SECOND;
    }

    /** Returns the CPU seconds of the ended children of this process. */
    static double endedChildrenCpuSeconds() {
        long pid = ProcessHandle.current().pid();
        return (ticks(pid, true) - ticks(pid, false)) / TICKS_PER_SECOND;
    }

    /** Returns user and system time, optionally with ended children, or zero for a process that has ended. */
    private static long ticks(long pid, boolean withEndedChildren) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long own = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
            return withEndedChildren ? own + Long.parseLong(fields[13]) + Long.parseLong(fields[14]) : own;
        } catch (IOException e) {
            return 0;
        }
    }

    /** Waits until the machine is idle, at most for this time. */
    static void awaitQuiet(int seconds) throws InterruptedException {
        for (double waited = 0; waited < seconds; waited += 1.4) {
            Moment before = now();
            Thread.sleep(400);
            if (before.noiseSince()[0] < QUIET) {
                return;
            }
            Thread.sleep(1000);
        }
    }

    /** Returns the machine and the versions of its software. */
    static Map<String, String> facts() {
        Map<String, String> facts = new TreeMap<>();
        facts.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
        facts.put("processor", value("/proc/cpuinfo", "model name"));
        facts.put("memory", value("/proc/meminfo", "MemTotal"));
        facts.put("kernel", System.getProperty("os.version"));
        facts.put("java", Runtime.version().toString());
        Version.identify().values().stream().limit(1).forEach(netty -> facts.put("Netty", netty.artifactVersion()));
        Properties versions = new Properties();
        try (InputStream in = Machine.class.getResourceAsStream("versions.properties")) {
            if (in != null) {
                versions.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        versions.forEach((name, version) -> facts.put(String.valueOf(name), String.valueOf(version)));
        return facts;
    }

    private static String value(String file, String key) {
        return lines(file).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElse("unknown");
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (NoSuchFileException e) {
            throw new IllegalStateException("measurements need Linux: " + file + " must exist", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
