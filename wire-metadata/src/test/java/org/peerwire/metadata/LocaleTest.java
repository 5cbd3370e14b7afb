/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.bencode.Bencode;

/** Tests of names on disk in a locale with and without UTF-8, each in a Java machine of its own. */
@EnabledOnOs(OS.LINUX)
class LocaleTest {
    @TempDir
    private Path temp;

    /** The program in the other Java machine: makes a torrent and opens the file that it names. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) throws IOException {
            Path start = Path.of(args[0]);
            try {
                Torrent torrent = Torrent.create(start, TorrentOptions.defaults());
                Files.write(Path.of(args[1]), torrent.encode());
                Path data = start.toAbsolutePath().normalize();
                for (TorrentFile file : Torrent.read(Path.of(args[1])).files()) {
                    Files.newInputStream(file.under(data.getParent())).close();
                    Files.newInputStream(file.inside(data)).close();
                }
                System.out.println("made");
            } catch (TorrentException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private String run(String locale, Path... args) throws IOException {
        return run("true", locale, args);
    }

    /** Runs the program in the folder of a shell that has run a command. */
    private String run(String command, String locale, Path... args) throws IOException {
        String path = Stream.of(
                        Program.class,
                        Torrent.class,
                        Bencode.class,
                        io.netty.buffer.ByteBuf.class,
                        io.netty.util.ReferenceCounted.class,
                        org.jspecify.annotations.Nullable.class)
                .map(type -> Path.of(URI.create(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toString()))
                        .toString())
                .distinct()
                .collect(Collectors.joining(":"));
        ProcessBuilder java = new ProcessBuilder(
                "/bin/sh",
                "-c",
                command + " && exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                path,
                Program.class.getName());
        java.directory(temp.toFile());
        Stream.of(args).map(Path::toString).forEach(java.command()::add);
        java.environment().put("LC_ALL", locale);
        java.environment().remove("JAVA_TOOL_OPTIONS");
        java.redirectError(ProcessBuilder.Redirect.DISCARD); // a newer JVM warns there of what Netty does
        Process process = java.start();
        try (InputStream out = process.getInputStream()) {
            return new String(out.readAllBytes(), UTF_8).strip();
        }
    }

    /** Makes a file whose name has these bytes, percent-encoded. */
    private Path file(String encodedName) throws IOException {
        Path start = Files.createDirectories(temp.resolve("start"));
        Path folder = Path.of(URI.create(start.toUri() + "d%C3%BCr"));
        Files.createDirectories(folder);
        return Files.writeString(Path.of(URI.create(start.toUri() + "d%C3%BCr/" + encodedName)), "data");
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void anyLocaleGivesTheBytesOfTheNamesAndFindsThemAgain(String locale) throws IOException {
        file("caf%C3%A9%20%E6%97%A5%E6%9C%AC%20%25");

        assertThat(run(locale, temp.resolve("start"), temp.resolve("x.torrent")))
                .isEqualTo("made");
        assertThat(Torrent.read(temp.resolve("x.torrent")).files().get(0).path())
                .isEqualTo(List.of("start", "d\u00fcr", "caf\u00e9 \u65e5\u672c %"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void aNameThatIsNotUtf8IsRefusedWithItsBytes(String locale) throws IOException {
        file("caf%E9");

        assertThat(run(locale, temp.resolve("start"), temp.resolve("x.torrent")))
                .contains("the name of a file must be UTF-8")
                .contains("/start/d%C3%BCr/caf%E9; rename it");
        assertThat(temp.resolve("x.torrent")).doesNotExist();
    }

    @Test
    void aStartThatTheLocaleCannotNameIsRefusedWithTheLocaleToUse() throws IOException {
        file("x");

        assertThat(run("cd start/d*r", "C", Path.of(""), temp.resolve("x.torrent")))
                .contains("no such file")
                .endsWith("such as LC_ALL=C.UTF-8");
        assertThat(run("cd start/d*r", "C.UTF-8", Path.of("."), temp.resolve("x.torrent")))
                .isEqualTo("made");
    }

    @Test
    void namesOfOtherLettersAreResolvedInAFolder() {
        assertThat(DiskNames.of(DiskNames.resolve(temp, "\u65e5"))).isEqualTo("\u65e5");
    }
}
