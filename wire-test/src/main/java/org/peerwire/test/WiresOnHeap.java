/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;
import org.peerwire.Wire;

/**
 * A counter of the reachable wires in this JVM. A program whose wires have all ended, and that has dropped
 * them, has none. Needs a HotSpot JVM.
 */
public final class WiresOnHeap {
    private static final String PACKAGE = "org.peerwire.";

    private WiresOnHeap() {}

    /** Collects garbage and returns the number of wires that are left. */
    public static long count() {
        return histogram().lines().mapToLong(WiresOnHeap::wires).sum();
    }

    private static String histogram() {
        try {
            return (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
        } catch (JMException e) {
            throw new IllegalStateException("this JVM has no histogram of its heap", e);
        }
    }

    /** The instances of a line such as {@code 12: 3 144 org.peerwire.Something}, or 0 if that is not a wire. */
    private static long wires(String line) {
        String[] columns = line.trim().split("\\s+", -1);
        boolean ours = columns.length >= 4 && columns[3].startsWith(PACKAGE);
        return ours && isWire(columns[3]) ? Long.parseLong(columns[1]) : 0;
    }

    private static boolean isWire(String name) {
        try {
            return Wire.class.isAssignableFrom(Class.forName(name, false, Wire.class.getClassLoader()));
        } catch (ClassNotFoundException | LinkageError e) {
            return false; // an array, a lambda, or a class of another loader
        }
    }
}
