/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

@AnalyzeClasses(packages = "org.peerwire.pex", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    /** An empty import would pass all rules. */
    @ArchTest
    static void theClassesAreImported(JavaClasses all) {
        assertThat(all).hasSizeGreaterThan(20);
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

    /** Other parts read the decoded messages of an inbox, so that each message is decoded once. */
    @ArchTest
    static final ArchRule messagesAreDecodedInOnePlace = noClasses()
            .that()
            .doNotHaveSimpleName("PexReader")
            .and()
            .doNotHaveSimpleName("HolepunchInbox")
            .should()
            .callMethodWhere(target(name("decode")).and(target(owner(resideInAPackage("org.peerwire.pex")))));

    /**
     * A class and its nested classes count as one. The named pair is an interface and its implementations: PexPolicy
     * has factory methods for the policies of StandardPexPolicy.
     */
    @ArchTest
    static void noTwoClassesDependOnEachOther(JavaClasses all) {
        Map<String, Set<String>> uses = new TreeMap<>();
        all.stream()
                .flatMap(user -> user.getDirectDependenciesFromSelf().stream())
                .forEach(use -> {
                    String user = outermost(use.getOriginClass());
                    uses.computeIfAbsent(user, name -> new TreeSet<>()).add(outermost(use.getTargetClass()));
                });
        List<String> pairs = new ArrayList<>();
        uses.forEach((one, others) -> others.stream()
                .filter(other -> one.compareTo(other) < 0)
                .filter(other -> uses.getOrDefault(other, Set.of()).contains(one))
                .forEach(other -> pairs.add(one + " and " + other)));
        assertThat(pairs).containsExactly("PexPolicy and StandardPexPolicy");
    }

    private static String outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type.getSimpleName());
    }
}
