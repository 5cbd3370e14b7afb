/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** A run of works over all peers, round by round, so that a slow minute affects all peers. Writes the samples. */
final class Trial {
    private final Settings settings;
    private final Path file;
    private final ObjectMapper json = new ObjectMapper();

    Trial(Settings settings, Path file) {
        this.settings = settings;
        this.file = file;
    }

    /** One kind of measurement. */
    interface Work {
        /** Returns the name of the work. */
        String name();

        /** Returns the measured peers. */
        List<String> peers();

        /** Takes the samples of one peer in one round. */
        void measure(String peer, Sampler sampler) throws Exception;
    }

    /** Takes a sample, and repeats a disturbed one. */
    interface Sampler {
        void take(String load, Callable<Map<String, Double>> measurement) throws Exception;
    }

    void machine(Map<String, String> facts) throws IOException {
        write(Map.of("machine", facts));
    }

    /** Runs all rounds. Every second round has the peers in reverse order. */
    void run(Work work, int rounds) throws InterruptedException {
        List<String> peers = work.peers();
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < peers.size(); i++) {
                String peer = peers.get(round % 2 == 0 ? i : peers.size() - 1 - i);
                int now = round;
                try {
                    work.measure(peer, (load, measurement) -> take(work.name(), peer, load, now, measurement));
                } catch (InterruptedException e) {
                    throw e;
                } catch (Exception e) {
                    System.err.println("FAILED: " + work.name() + " " + peer + ": " + e.getMessage());
                }
            }
        }
    }

    private void take(String work, String peer, String load, int round, Callable<Map<String, Double>> measurement)
            throws Exception {
        for (int i = 0; i < settings.tries; i++) {
            Machine.awaitQuiet(settings.wait);
            Machine.Moment before = Machine.now();
            Map<String, Double> values = measurement.call();
            double[] noise = before.noiseSince();
            Sample sample = new Sample(work, peer, load, round, round(noise[0], 100), round(noise[1], 100), values);
            write(sample);
            System.out.printf(
                    "%-8s %-14s %-7s round %d  %s  (others %.2f, stolen %.2f)%n",
                    work, peer, load, round, values, noise[0], noise[1]);
            if (sample.noise() < settings.noise) {
                return;
            }
        }
    }

    private static double round(double value, double parts) {
        return Math.round(value * parts) / parts;
    }

    private void write(Object line) throws IOException {
        Files.writeString(
                file, json.writeValueAsString(line) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Returns values by name, in this order. */
    static Map<String, Double> values(Object... namesAndValues) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put((String) namesAndValues[i], round(((Number) namesAndValues[i + 1]).doubleValue(), 1e4));
        }
        return values;
    }
}
