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

/** Which clients are there: what {@code clients/install.sh} has found and written down. */
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

    /** The name and the version of a client, if it is there. */
    static Optional<String> version(RealClient.Kind kind) {
        String name = kind.name().toLowerCase(Locale.ROOT);
        return lines().stream().filter(line -> line.startsWith(name + " ")).findFirst();
    }

    /** Skips the test when the client is not there. */
    static void require(RealClient.Kind kind) {
        Assumptions.assumeTrue(version(kind).isPresent(), "there is no " + kind);
    }

    static boolean canMakeNamespaces() {
        return lines().contains("namespaces");
    }
}
