/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

@AnalyzeClasses(packages = "org.peerwire.metadata", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    /** Fails if the import found no classes, because the rules below would pass then. */
    @ArchTest
    static void theClassesWereFound(JavaClasses all) {
        assertThat(all).hasSizeGreaterThan(24);
    }

    @ArchTest
    static final ArchRule onlyThePublicCoreIsUsed = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.peerwire.internal..", "org.peerwire.test..");

    @ArchTest
    static final ArchRule timeComesFromTheScheduler = noClasses()
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule nothingIsLocked = noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED);

    /** The pairs of classes that may depend on each other, with the reason. */
    private static final Map<Set<String>, String> PAIRS = Map.of(
            Set.of("MagnetLink", "MagnetParser"), "MagnetLink.parse is the public entry to the parser that creates it",
            Set.of("Torrent", "TorrentCreator"), "Torrent.create is the public entry to the class that creates it");

    @ArchTest
    static void noTwoClassesDependOnEachOther(JavaClasses all) {
        Map<String, Set<String>> used = new TreeMap<>();
        all.forEach(type -> type.getDirectDependenciesFromSelf()
                .forEach(dependency -> used.computeIfAbsent(topLevel(type), absent -> new TreeSet<>())
                        .add(topLevel(dependency.getTargetClass()))));
        Set<Set<String>> pairs = new HashSet<>();
        used.forEach((user, others) -> others.stream()
                .filter(other -> !other.equals(user)
                        && used.getOrDefault(other, Set.of()).contains(user))
                .forEach(other -> pairs.add(Set.of(user, other))));
        assertThat(pairs).isEqualTo(PAIRS.keySet());
    }

    private static String topLevel(JavaClass type) {
        String name = type.getBaseComponentType().getName();
        String simple = name.substring(name.lastIndexOf('.') + 1);
        return simple.indexOf('$') < 0 ? simple : simple.substring(0, simple.indexOf('$'));
    }
}
