/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.Version;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.leaks.LeakDetector;
import org.peerwire.metadata.Torrent;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import reactor.test.StepVerifier;

/** The application on the versions of Spring Boot, Reactor Netty and Netty that the POM chooses. */
@SpringBootTest
@Timeout(60)
class SeedApplicationTest {
    private static final byte[] CONTENT = new byte[3_000_000];

    @TempDir
    private static Path folder;

    private static Path file;

    @Autowired
    private Torrent torrent;

    @Autowired
    private SeedServer server;

    @Autowired
    private Downloader downloader;

    @Autowired
    private WireClient client;

    @BeforeAll
    static void writeFile() throws IOException {
        new Random(1).nextBytes(CONTENT);
        file = Files.write(folder.resolve("content.bin"), CONTENT);
    }

    @DynamicPropertySource
    static void seedOneFile(DynamicPropertyRegistry registry) {
        registry.add("seed.file", () -> file);
    }

    @Test
    void aClientDownloadsTheFileOfTheSeed() {
        assertThat(downloader.download(torrent, address(server)).block()).isEqualTo(CONTENT);
    }

    @Test
    void theClosingContextClosesTheWiresAndThePort() {
        LocalPeer self = LocalPeer.of(torrent.hashes().wire(), PeerId.random());
        ConfigurableApplicationContext context = SpringApplication.run(SeedApplication.class, "--seed.file=" + file);
        InetSocketAddress address = address(context.getBean(SeedServer.class));
        Wire wire = client.connect(address, self).block();

        context.close();

        StepVerifier.create(wire.onClose()).expectComplete().verify(Duration.ofSeconds(10));
        StepVerifier.create(client.connect(address, self))
                .expectErrorSatisfies(error -> assertThat(error).hasRootCauseInstanceOf(ConnectException.class))
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void theVersionsAreThoseOfTheBootLine() {
        assertThat(SpringBootVersion.getVersion()).startsWith(System.getProperty("spring-boot.line"));
        assertThat(Version.identify().values())
                .extracting(Version::artifactVersion)
                .isNotEmpty()
                .allMatch(version -> version.startsWith(System.getProperty("netty.line")));
        assertThat(LeakDetector.isInUse()).isTrue();
    }

    private static InetSocketAddress address(SeedServer server) {
        return new InetSocketAddress("127.0.0.1", server.port());
    }
}
