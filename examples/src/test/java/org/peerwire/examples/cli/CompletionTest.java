/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script of {@code generate-completion} in a real shell. */
class CompletionTest {
    @TempDir
    private Path temp;

    @Test
    void bashCompletesCommandsAndOptions() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "bash is not installed");
        Cli script = Cli.run("generate-completion");
        assertThat(script.code()).isZero();
        Path file = Files.writeString(temp.resolve("peerwire_completion"), script.out());

        assertThat(completed(file, "peerwire", "down")).contains("download");
        assertThat(completed(file, "peerwire", "download", "--js")).contains("--json");
    }

    /** Returns the words that bash offers for the last of these. */
    private static String completed(Path script, String... words) throws IOException, InterruptedException {
        String line = String.join("' '", words);
        // compopt works only while bash itself completes
        String program = "set -e; compopt() { :; }; source '" + script
                + "'; complete -p peerwire >/dev/null; COMP_WORDS=('" + line + "'); COMP_CWORD=" + (words.length - 1)
                + "; _complete_peerwire; echo \"${COMPREPLY[@]}\"";
        Process bash = new ProcessBuilder("/bin/bash", "-c", program)
                .redirectErrorStream(true)
                .start();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(output).isZero();
        return output;
    }
}
