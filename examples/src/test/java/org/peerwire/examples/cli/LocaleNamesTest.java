/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.examples.TestData;

/** Tests of the command line in a locale without UTF-8, in a Java machine of its own. */
@EnabledOnOs(OS.LINUX)
class LocaleNamesTest {
    private static final String MAGNET = "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567";

    @TempDir
    private Path temp;

    /**
     * Runs the command line with {@code LC_ALL=C}.
     *
     * @param line the arguments as shell words, in which $E is a letter in UTF-8 that ASCII does not have
     */
    private Cli run(String line) throws IOException, InterruptedException {
        return run(line, "true");
    }

    /** Runs the command line after a command of the shell. */
    private Cli run(String line, String before) throws IOException, InterruptedException {
        Path out = temp.resolve("out");
        ProcessBuilder shell = new ProcessBuilder(
                "/bin/sh",
                "-c",
                "E=$(printf '\\303\\251'); " + before + "; export LC_ALL=C; exec \"$JAVA\" " + Main.class.getName()
                        + " " + line);
        String classes =
                System.getProperty("java.class.path") + File.pathSeparator + System.getProperty("jdk.module.path", "");
        shell.environment().put("CLASSPATH", classes);
        shell.environment()
                .put(
                        "JAVA",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
        shell.environment().put("T", temp.toString());
        shell.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = shell.redirectOutput(out.toFile()).start();
        try (InputStream err = process.getErrorStream()) {
            String text = new String(err.readAllBytes(), UTF_8);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            List<String> lines = new ArrayList<>(text.lines().toList());
            lines.removeIf(warning -> warning.startsWith("WARNING")); // a newer JVM warns of what Netty does
            return new Cli(process.exitValue(), Files.readString(out), String.join("\n", lines));
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create file.bin -o caf$E.torrent",
                "create caf$E.bin -o x.torrent",
                "create file.bin -o x.torrent --comment caf$E",
                "seed caf$E.torrent --data .",
                "download caf$E.torrent -o .",
                "metadata " + MAGNET + " -o caf$E",
                "peers caf$E.torrent",
                "info caf$E.torrent",
                "verify x.torrent --data caf$E",
                "demo caf$E",
            })
    void anArgumentThatTheLocaleCannotExpressIsAnInvalidCommandLine(String line) throws Exception {
        Cli run = run(line);

        assertThat(run.err()).matches("peerwire: the locale cannot express 'caf\\?+[.a-z]*'; set LC_ALL=C\\.UTF-8");
        assertThat(run.out()).isEmpty();
        assertThat(run.code()).isEqualTo(2);
    }

    @Test
    void anOutputBelowACurrentFolderThatTheLocaleCannotExpressIsAnInvalidCommandLine() throws Exception {
        TestData.file(temp.resolve("file.bin"), 1000);
        Cli run = run("create \"$T\"/file.bin -o x.torrent", "mkdir \"$T/d$E\" && cd \"$T/d$E\"");

        assertThat(run.err())
                .startsWith("peerwire create: invalid value for option '-o': the locale cannot express")
                .contains("; set LC_ALL=C.UTF-8");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run("create \"$T\"/file.bin -o \"$T\"/x.torrent", "cd \"$T/d$E\"")
                        .code())
                .isZero();
    }

    @Test
    void theTextsOfATorrentNeedNoLocale() throws Exception {
        BencodeValue info = BencodeValue.dictionary(Map.of(
                "length",
                BencodeValue.of(5),
                "name",
                BencodeValue.of("caf\u00e9"),
                "piece length",
                BencodeValue.of(16 * 1024),
                "pieces",
                BencodeValue.of(new byte[20])));
        Files.write(
                temp.resolve("x.torrent"),
                BencodeValue.dictionary(Map.of("info", info)).encoded());

        Cli run = run("info \"$T\"/x.torrent --json");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("\"name\":\"caf\\u00E9\"");
        assertThat(run("verify \"$T\"/x.torrent --data \"$T\"").err()).contains("no file of the torrent is in");
    }

    @Test
    void aNameThatNoFileCanHaveIsAnInvalidCommandLine() {
        for (Cli run : List.of(
                Cli.run("info", "a\0b"),
                Cli.run("create", "a\0b", "-o", "x"),
                Cli.run("verify", "x", "--data", "a\0b"))) {
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err().lines()).hasSize(1);
            assertThat(run.err()).contains("'a?b' cannot be the name of a file").doesNotContain("Exception");
        }
    }

    @Test
    void aReplacedLetterIsOneOfManyWhereTheLocaleHasAll() {
        assertThat(Cli.run("info", "caf\ufffd").err()).contains("no such file").doesNotContain("locale");
    }
}
