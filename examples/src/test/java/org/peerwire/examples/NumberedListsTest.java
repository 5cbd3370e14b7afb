/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks docs/attacks.md and docs/behaviours.md against the tests that refer to their numbers. */
class NumberedListsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int ATTACKS = 98;
    private static final Pattern TEST_CLASS = Pattern.compile("`([A-Z]\\w*(?:Test|Contract))`");
    private static final Pattern ATTACK = Pattern.compile("(?:\\ba(\\d\\d)_|_a(\\d\\d)_|\\bA-(\\d\\d)\\b)");

    @Test
    void everyTestClassInTheListsExists() throws IOException {
        Set<String> classes = testSources().map(NumberedListsTest::name).collect(Collectors.toSet());

        for (String list : new String[] {"attacks.md", "behaviours.md"}) {
            assertThat(TEST_CLASS
                            .matcher(read(ROOT.resolve("docs").resolve(list)))
                            .results())
                    .as(list)
                    .hasSizeGreaterThan(50)
                    .allSatisfy(named -> assertThat(classes).contains(named.group(1)));
        }
    }

    @Test
    void everyAttackHasARowThatNamesItsTests() throws IOException {
        String list = read(ROOT.resolve("docs/attacks.md"));
        Set<String> missing = new TreeSet<>();
        testSources().forEach(source -> attacks(source).forEach(attack -> {
            if (!row(list, attack).contains("`" + name(source) + "`")) {
                missing.add("A-" + attack + ": " + name(source));
            }
        }));

        assertThat(missing).isEmpty();
        for (int attack = 1; attack <= ATTACKS; attack++) {
            assertThat(row(list, "%02d".formatted(attack))).as("A-%02d", attack).isNotEmpty();
        }
    }

    private static Set<String> attacks(Path source) {
        return ATTACK.matcher(read(source))
                .results()
                .map(found -> Stream.of(found.group(1), found.group(2), found.group(3))
                        .filter(group -> group != null)
                        .findFirst()
                        .orElseThrow())
                .collect(Collectors.toSet());
    }

    private static String row(String list, String attack) {
        return list.lines()
                .filter(line -> line.startsWith("| A-" + attack + " |"))
                .findFirst()
                .orElse("");
    }

    private static Stream<Path> testSources() throws IOException {
        return Files.walk(ROOT)
                .filter(path -> path.toString().contains("/src/test/")
                        && (path.toString().endsWith("Test.java")
                                || path.toString().endsWith("Contract.java")));
    }

    private static String name(Path source) {
        return source.getFileName().toString().replace(".java", "");
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
