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

/**
 * The common part of the measured programs: the ready line, the commands of standard input, and the end with the
 * parent.
 */
public final class Program {
    private Program() {}

    /** Returns the number of event loops: one, as in the other peers, unless {@code -Dloops=} sets it. */
    public static LoopResources loops() {
        return LoopResources.create("bench", Integer.getInteger("loops", 1), true);
    }

    /** Returns the policy of {@code -Drc4=true}: RC4 only, or no encryption. */
    static EncryptionPolicy encryption() {
        return Boolean.getBoolean("rc4") ? EncryptionPolicy.REQUIRE : EncryptionPolicy.PLAINTEXT_ONLY;
    }

    /** Prints that peers may connect. */
    public static void ready(String infoHash) {
        say("ready " + infoHash);
    }

    /** Prints two values as JSON. */
    static void tell(String one, double first, String other, double second) {
        say(String.format(Locale.ROOT, "{\"%s\":%.4f,\"%s\":%.4f}", one, first, other, second));
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /** Answers {@code memory} with the memory of the process until standard input ends, then ends the process. */
    public static void obey() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.equals("memory")) {
                say(Memory.afterCollection(0).line());
            }
        }
        Runtime.getRuntime().halt(0);
    }

    /** Returns the CPU seconds of all threads of this process. */
    static double cpuSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }
}
