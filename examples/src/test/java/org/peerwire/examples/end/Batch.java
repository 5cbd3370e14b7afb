/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Runs many trials at once, with one deadline for all after the last end. */
final class Batch {
    /** The time from the end of a connection to the end of everything that hangs on it. */
    static final long LIMIT_NANOS = 1_000_000_000L;

    /** An event loop may hold a wire until its next task, so the collector runs for up to this time. */
    private static final long COLLECTION_NANOS = 3_000_000_000L;

    private final List<Trial> trials;
    private final Map<Trial, List<String>> faults = new LinkedHashMap<>();

    Batch(List<Trial> trials) {
        this.trials = trials;
        trials.forEach(trial -> faults.put(trial, new ArrayList<>()));
    }

    void run(ExecutorService peers, Failures failures) throws InterruptedException {
        try {
            play(peers);
            settle();
            good().forEach(Trial::resume);
            settle();
            good().forEach(trial -> faults.get(trial).addAll(trial.wrongs()));
            good().forEach(Trial::takeLate);
            settle();
            List<Trial> good = good();
            good.forEach(Trial::forget);
            collect(good);
        } finally {
            trials.forEach(Trial::dispose);
            faults.forEach((trial, found) -> failures.add(trial.cell(), found));
        }
    }

    private void play(ExecutorService peers) throws InterruptedException {
        Map<Trial, Future<?>> playing = new LinkedHashMap<>();
        for (Trial trial : trials) {
            playing.put(trial, peers.submit(() -> {
                trial.play();
                return null;
            }));
        }
        for (Map.Entry<Trial, Future<?>> entry : playing.entrySet()) {
            try {
                entry.getValue().get();
            } catch (ExecutionException e) {
                faults.get(entry.getKey()).add("the peer could not play: " + e.getCause());
            }
        }
    }

    /** Waits until no trial has a fault, at most to the limit, and records the faults that are left then. */
    private void settle() {
        List<Trial> open = new ArrayList<>(good());
        Waiting.until(System.nanoTime() + LIMIT_NANOS, () -> {
            open.forEach(Trial::poll);
            open.removeIf(trial -> trial.faults().isEmpty());
            return open.isEmpty();
        });
        open.forEach(trial -> faults.get(trial).addAll(trial.faults()));
    }

    private List<Trial> good() {
        return trials.stream().filter(trial -> faults.get(trial).isEmpty()).toList();
    }

    private void collect(List<Trial> good) {
        List<Trial> held = new ArrayList<>(good);
        Waiting.until(System.nanoTime() + COLLECTION_NANOS, () -> {
            System.gc();
            held.removeIf(trial -> !trial.isWireHeld());
            return held.isEmpty();
        });
        held.forEach(trial -> faults.get(trial).add("the wire is still held by something"));
    }
}
