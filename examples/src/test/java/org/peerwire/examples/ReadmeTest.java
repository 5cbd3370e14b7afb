/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks the README: its snippets are compiled, and the tests and files it names exist. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern JAVADOC = Pattern.compile("<pre>\\{@code\n(.*?)\n}</pre>", Pattern.DOTALL);
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|Contract))\\.(\\w+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

    @Test
    void everySnippetIsPartOfAProgramOrATestThatIsCompiled() throws IOException {
        List<String> programs =
                sources("examples/src").map(ReadmeTest::squeezed).toList();

        assertThat(found(SNIPPET)).isNotEmpty().allSatisfy(snippet -> assertThat(programs)
                .as(snippet.group(1))
                .anyMatch(program -> program.contains(squeeze(snippet.group(1)))));
    }

    @Test
    void everyTestOfTheKitsDocumentationIsOneThatIsRun() throws IOException {
        String tests = sources("examples/src/test").map(ReadmeTest::squeezed).collect(Collectors.joining(" "));
        String documentation = read(ROOT.resolve("wire-test/src/main/java/org/peerwire/test/package-info.java"));

        assertThat(JAVADOC.matcher(documentation.replaceAll("(?m)^ \\* ?", "")).results())
                .hasSize(3)
                .allSatisfy(block -> assertThat(tests).contains(squeeze(block.group(1))));
    }

    @Test
    void everyTestItNamesIsThere() throws IOException {
        List<Path> tests = sources(".")
                .filter(path -> path.toString().contains("src/test"))
                .toList();

        assertThat(found(TEST)).hasSizeGreaterThan(40).allSatisfy(named -> assertThat(tests)
                .as(named.group())
                .anyMatch(test ->
                        test.endsWith(named.group(1) + ".java") && read(test).contains(" " + named.group(2) + "(")));
    }

    @Test
    void everyFileItLinksToIsThere() throws IOException {
        assertThat(found(LINK)).isNotEmpty().allSatisfy(link -> assertThat(ROOT.resolve(link.group(1)))
                .exists());
    }

    private static List<MatchResult> found(Pattern pattern) throws IOException {
        return pattern.matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .toList();
    }

    private static Stream<Path> sources(String folder) throws IOException {
        return Files.walk(ROOT.resolve(folder))
                .filter(path ->
                        path.toString().endsWith(".java") && !path.toString().contains("/target/"));
    }

    private static String squeezed(Path path) {
        return squeeze(read(path));
    }

    private static String squeeze(String code) {
        return code.replaceAll("\\s+", " ").strip();
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
