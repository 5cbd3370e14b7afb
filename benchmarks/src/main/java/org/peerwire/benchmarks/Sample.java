/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import java.util.Map;

/**
 * One measurement: one line of the raw file.
 *
 * @param work the work
 * @param peer the measured peer
 * @param load the load, or empty
 * @param round the number of the round
 * @param others the processors used by others during the sample
 * @param stolen the processors taken by the hypervisor during the sample
 * @param values the values by name
 */
record Sample(
        String work, String peer, String load, int round, double others, double stolen, Map<String, Double> values) {
    double noise() {
        return others + stolen;
    }
}
