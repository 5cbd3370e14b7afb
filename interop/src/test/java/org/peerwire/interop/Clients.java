/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** The installed clients, as recorded by {@code clients/install.sh}. */
final class Clients {
    private static final Path FOUND = Path.of("target", "clients.txt");

    private Clients() {}

    private static List<String> lines() {
        try {
            return Files.exists(FOUND) ? Files.readAllLines(FOUND) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the name and version of a client, or empty if it is not installed. */
    static Optional<String> version(RealClient.Kind kind) {
        String name = kind.name().toLowerCase(Locale.ROOT);
        return lines().stream().filter(line -> line.startsWith(name + " ")).findFirst();
    }

    /** Skips the test if the client is not installed. */
    static void require(RealClient.Kind kind) {
        Assumptions.assumeTrue(version(kind).isPresent(), kind + " is not installed; run interop/clients/install.sh");
    }

    /** Skips the test if a program is not installed. */
    static void require(String program) {
        Assumptions.assumeTrue(
                lines().stream().anyMatch(line -> line.startsWith(program + " ")),
                program + " is not installed; run interop/clients/install.sh");
    }

    static boolean canMakeNamespaces() {
        return lines().contains("namespaces");
    }
}
