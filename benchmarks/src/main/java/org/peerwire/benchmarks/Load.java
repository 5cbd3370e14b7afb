/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

/**
 * The load of a peer.
 *
 * @param depth the number of outstanding requests per wire
 * @param wires the number of wires
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
