/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;

@AnalyzeClasses(packages = "org.peerwire.swarm", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String INTERNAL = "org.peerwire.swarm.internal.";

    /** An empty import would pass all rules. */
    @ArchTest
    static void theClassesAreImported(JavaClasses all) {
        assertThat(all).hasSizeGreaterThan(60);
    }

    @ArchTest
    static final ArchRule onlyThePublicModulesAreUsed = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.peerwire.internal..", "org.peerwire.test..");

    @ArchTest
    static final ArchRule nothingNewIsNeeded = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.peerwire..",
                    "reactor.core..",
                    "reactor.netty..",
                    "reactor.util..",
                    "org.reactivestreams..",
                    "io.netty..",
                    "org.jspecify..");

    /** The parts of a swarm do not know each other: the engine connects them. */
    @ArchTest
    static final ArchRule everyDependencyGoesDown = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(INTERNAL + ".")
            .layer("engine")
            .definedBy(INTERNAL + "engine")
            .layer("peers")
            .definedBy(INTERNAL + "peers")
            .layer("pieces")
            .definedBy(INTERNAL + "pieces")
            .layer("upload")
            .definedBy(INTERNAL + "upload")
            .layer("store")
            .definedBy(INTERNAL + "store")
            .layer("rate")
            .definedBy(INTERNAL + "rate")
            .layer("loop")
            .definedBy(INTERNAL + "loop")
            .whereLayer("engine")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("peers")
            .mayOnlyBeAccessedByLayers("engine")
            .whereLayer("pieces")
            .mayOnlyBeAccessedByLayers("engine")
            .whereLayer("upload")
            .mayOnlyBeAccessedByLayers("engine")
            .whereLayer("store")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("rate")
            .mayOnlyBeAccessedByLayers("engine", "pieces", "upload");

    @ArchTest
    static final ArchRule timeComesFromTheScheduler = noClasses()
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class);

    @ArchTest
    static final ArchRule nothingIsLocked = noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED);
}
