/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.peerwire.EncryptionPolicy;
import org.peerwire.benchmarks.Memory;
import reactor.netty.resources.LoopResources;

/** What a measured program has in common: it says that it is ready, obeys standard input, and ends with its parent. */
public final class Program {
    private Program() {}

    /** The event loops: one, as in the other peers, unless {@code -Dloops=} says otherwise. */
    public static LoopResources loops() {
        return LoopResources.create("bench", Integer.getInteger("loops", 1), true);
    }

    /** Only RC4, or no encryption: {@code -Drc4=true}. */
    static EncryptionPolicy encryption() {
        return Boolean.getBoolean("rc4") ? EncryptionPolicy.REQUIRE : EncryptionPolicy.PLAINTEXT_ONLY;
    }

    /** Says that peers may come. */
    public static void ready(String infoHash) {
        say("ready " + infoHash);
    }

    /** Prints two figures as JSON. */
    static void tell(String one, double first, String other, double second) {
        say(String.format(Locale.ROOT, "{\"%s\":%.4f,\"%s\":%.4f}", one, first, other, second));
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /** Answers {@code memory} with what the process holds, until standard input ends; then the process ends. */
    public static void obey() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.equals("memory")) {
                say(Memory.afterCollection(0).line());
            }
        }
        Runtime.getRuntime().halt(0);
    }

    /** CPU seconds this process has used, on all its threads. */
    static double cpuSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }
}
