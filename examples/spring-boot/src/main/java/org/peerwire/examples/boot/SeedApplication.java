/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.boot;

import java.io.IOException;
import org.peerwire.WireClient;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/**
 * An application that seeds one file, and can download from another seed. Run with
 * {@code --seed.file=FILE --seed.port=6881}.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class SeedApplication {
    /** Runs the application. */
    public static void main(String[] args) {
        SpringApplication.run(SeedApplication.class, args);
    }

    @Bean
    Torrent torrent(SeedProperties seed) throws IOException {
        return Torrent.create(seed.file(), TorrentOptions.defaults());
    }

    @Bean
    WireClient client() {
        return WireClient.create();
    }
}
