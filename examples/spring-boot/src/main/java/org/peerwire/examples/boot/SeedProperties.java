/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.boot;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of the seed.
 *
 * @param file the file to seed
 * @param port the port to listen on, 0 for any free port
 */
@ConfigurationProperties("seed")
public record SeedProperties(Path file, @DefaultValue("0") int port) {}
