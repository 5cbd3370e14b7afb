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

/** Checks the README and the guide: their snippets are compiled, and the tests and files they name exist. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern JAVADOC = Pattern.compile("<pre>\\{@code\n(.*?)\n}</pre>", Pattern.DOTALL);
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|Contract))\\.(\\w+)`");
    private static final Pattern LISTING = Pattern.compile("\\[source,java]\n----\n(.*?)\n----", Pattern.DOTALL);
    private static final Pattern TAG =
            Pattern.compile("include::\\{(?:tests|programs)}/[\\w/]+\\.java\\[tag=\\w+,indent=0]");
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
    void everyListingOfTheGuideIsPartOfASource() throws IOException {
        assertThat(chapters().flatMap(chapter -> LISTING.matcher(chapter).results()))
                .hasSizeGreaterThan(10)
                .allSatisfy(listing -> assertThat(listing.group(1).lines()).allMatch(TAG.asMatchPredicate()));
    }

    @Test
    void everyChapterIsInTheGuideAndInTheReadme() throws IOException {
        String guide = read(ROOT.resolve("docs/guide/index.adoc"));
        String readme = read(ROOT.resolve("README.md"));
        try (Stream<Path> files = Files.list(ROOT.resolve("docs/guide"))) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".adoc")))
                    .filteredOn(name -> !name.equals("index.adoc"))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(guide).contains("include::" + name + "["))
                    .allSatisfy(name -> assertThat(readme).contains("(docs/guide/" + name + ")"));
        }
    }

    @Test
    void everyTestTheyNameIsThere() throws IOException {
        List<Path> tests = sources(".")
                .filter(path -> path.toString().contains("src/test"))
                .toList();

        List<MatchResult> names =
                chapters().flatMap(chapter -> TEST.matcher(chapter).results()).toList();
        assertThat(names).hasSizeGreaterThan(40).allSatisfy(named -> assertThat(tests)
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

    /** Returns the texts of the guide. */
    private static Stream<String> chapters() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("docs/guide"))) {
            return files.filter(file -> file.toString().endsWith(".adoc")).map(ReadmeTest::read).toList().stream();
        }
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
        return code.replaceAll("// (tag|end)::\\w+\\[]", "")
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
