/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;

/** The samples of a run. The result is the median over the rounds, of the least disturbed sample of each round. */
final class Results {
    private record Key(String work, String peer, String load, int round) {}

    private final Map<String, String> machine = new TreeMap<>();
    private final Map<Key, Sample> samples = new LinkedHashMap<>();

    /** Reads the raw lines. */
    static Results read(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Results results = new Results();
        for (String line : Files.readAllLines(file)) {
            JsonNode node = json.readTree(line);
            if (node.has("machine")) {
                node.get("machine")
                        .properties()
                        .forEach(e ->
                                results.machine.put(e.getKey(), e.getValue().asText()));
            } else {
                results.add(json.treeToValue(node, Sample.class));
            }
        }
        return results;
    }

    void add(Sample sample) {
        samples.merge(
                new Key(sample.work(), sample.peer(), sample.load(), sample.round()),
                sample,
                (one, other) -> other.noise() < one.noise() ? other : one);
    }

    /** Returns the machine and the versions. */
    Map<String, String> machine() {
        return machine;
    }

    List<String> works() {
        return distinct(samples.values(), Sample::work);
    }

    List<String> peers(String work) {
        return distinct(of(work), Sample::peer);
    }

    List<String> loads(String work) {
        return distinct(of(work), Sample::load);
    }

    /** Returns the number of measured rounds, and of rounds with only disturbed attempts. */
    int[] disturbed(double noise) {
        return new int[] {
            samples.size(),
            (int) samples.values().stream().filter(s -> s.noise() >= noise).count()
        };
    }

    OptionalDouble median(String work, String peer, String load, String value) {
        return median(of(work).stream()
                .filter(s -> s.peer().equals(peer)
                        && s.load().equals(load)
                        && s.values().containsKey(value))
                .map(s -> s.values().get(value))
                .toList());
    }

    /** Returns the median of the ratios within each round, whose samples are only minutes apart. */
    OptionalDouble ratio(String work, String peer, String base, String load, String value) {
        List<Double> ratios = new ArrayList<>();
        samples.forEach((key, sample) -> {
            Sample other = samples.get(new Key(work, base, load, key.round));
            if (key.equals(new Key(work, peer, load, key.round))
                    && other != null
                    && sample.values().containsKey(value)
                    && other.values().containsKey(value)) {
                ratios.add(sample.values().get(value) / other.values().get(value));
            }
        });
        return median(ratios);
    }

    private List<Sample> of(String work) {
        return samples.values().stream().filter(s -> s.work().equals(work)).toList();
    }

    private static List<String> distinct(Collection<Sample> of, Function<Sample, String> what) {
        return of.stream().map(what).distinct().toList();
    }

    static OptionalDouble median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2);
    }
}
