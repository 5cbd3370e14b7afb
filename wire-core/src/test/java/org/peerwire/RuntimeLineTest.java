/* SPDX-License-Identifier: MIT */
package org.peerwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.Version;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.netty.Connection;

/** Shows which of the two supported lines of Reactor and Netty these tests run on. */
class RuntimeLineTest {
    private static final Map<String, String> REACTOR = Map.of("4.1", "3.7.", "4.2", "3.8.");
    private static final Map<String, String> REACTOR_NETTY = Map.of("4.1", "1.2.", "4.2", "1.3.");

    private final String line = System.getProperty("netty.line");

    @Test
    void everyJarOfNettyIsOfTheLineThatTheBuildNames() {
        assertThat(Version.identify().values())
                .extracting(Version::artifactVersion)
                .isNotEmpty()
                .allMatch(version -> version.startsWith(line + "."));
    }

    @Test
    void reactorIsOfTheLineThatTheBuildNames() {
        assertThat(Flux.class.getPackage().getImplementationVersion()).startsWith(REACTOR.get(line));
        assertThat(Connection.class.getPackage().getImplementationVersion()).startsWith(REACTOR_NETTY.get(line));
    }
}
