/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** All hostile peers on one thread, with their turns spread over a second. */
final class Attackers implements AutoCloseable {
    private static final long ROUND_NANOS = 1_000_000_000L;
    private static final int CHUNK = 256 * 1024;

    private final List<Attacker> all = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "attackers");
    private volatile boolean stopped;
    private final AtomicInteger rounds = new AtomicInteger();
    private volatile long spentNanos;

    Attackers(List<Attack> kinds, int count, int port) {
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
        for (int i = 0; i < count; i++) {
            all.add(new Attacker(kinds.get(i % kinds.size()), i / kinds.size(), port, chunk));
        }
        thread.start();
    }

    /** Returns the number of turns that every attacker has had. */
    int rounds() {
        return rounds.get();
    }

    private void run() {
        long start = System.nanoTime();
        while (!stopped) {
            long begun = System.nanoTime();
            for (int i = 0; i < all.size() && !stopped; i++) {
                long due = begun + ROUND_NANOS * i / all.size();
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                all.get(i).turn();
            }
            rounds.incrementAndGet();
            spentNanos = System.nanoTime() - start;
        }
        all.forEach(Attacker::close);
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns one line per attack: the number of attackers, of connections and of sent bytes. Call it after close. */
    String report() {
        Map<Attack, long[]> sums = new EnumMap<>(Attack.class);
        for (Attacker attacker : all) {
            long[] sum = sums.computeIfAbsent(attacker.attack(), none -> new long[3]);
            sum[0]++;
            sum[1] += attacker.dialled();
            sum[2] += attacker.written();
        }
        StringBuilder text = new StringBuilder();
        double seconds = Math.max(1, spentNanos) / 1e9;
        sums.forEach((attack, sum) -> text.append(String.format(
                "    %-14s %4d peers, %6.1f connections/s, %8.2f MiB/s%n",
                attack, sum[0], sum[1] / seconds, sum[2] / seconds / (1 << 20))));
        return text.toString();
    }
}
