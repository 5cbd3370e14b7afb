/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

/**
 * What a peer has to bear.
 *
 * @param depth requests outstanding on each wire
 * @param wires how many wires
 */
record Load(int depth, int wires) {
    static Load parse(String text) {
        String[] parts = text.split("x", 2);
        return new Load(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    @Override
    public String toString() {
        return depth + "x" + wires;
    }
}
