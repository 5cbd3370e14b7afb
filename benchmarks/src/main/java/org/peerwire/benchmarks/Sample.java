/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import java.util.Map;

/**
 * One measurement; one line of the raw file.
 *
 * @param work what was done
 * @param peer who did it
 * @param load what it had to bear, or nothing
 * @param round in which round
 * @param others processors that others used meanwhile
 * @param stolen processors that the hypervisor took meanwhile
 * @param values what was measured, by name
 */
record Sample(
        String work, String peer, String load, int round, double others, double stolen, Map<String, Double> values) {
    double noise() {
        return others + stolen;
    }
}
