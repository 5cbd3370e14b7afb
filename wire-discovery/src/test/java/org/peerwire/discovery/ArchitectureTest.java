/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

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

@AnalyzeClasses(packages = "org.peerwire.discovery", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String INTERNAL = "org.peerwire.discovery.internal.";

    /** An empty import would pass all rules. */
    @ArchTest
    static void theClassesAreImported(JavaClasses all) {
        assertThat(all).hasSizeGreaterThan(2);
    }

    @ArchTest
    static final ArchRule onlyThePublicModulesAreUsed = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.peerwire.internal..", "org.peerwire.swarm.internal..", "org.peerwire.test..");

    @ArchTest
    static final ArchRule nothingNewIsNeeded = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "javax.crypto..",
                    "javax.net.ssl..",
                    "org.peerwire..",
                    "reactor.core..",
                    "reactor.netty..",
                    "reactor.util..",
                    "org.reactivestreams..",
                    "io.netty..",
                    "org.jspecify..");

    /** The kinds of discovery do not know each other. */
    @ArchTest
    static final ArchRule theRoomsAreApart = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(INTERNAL + ".")
            .optionalLayer("tracker")
            .definedBy(INTERNAL + "tracker")
            .optionalLayer("dht")
            .definedBy(INTERNAL + "dht")
            .optionalLayer("local")
            .definedBy(INTERNAL + "local")
            .optionalLayer("web")
            .definedBy(INTERNAL + "web")
            .layer("net")
            .definedBy(INTERNAL + "net")
            .whereLayer("tracker")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("dht")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("local")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("web")
            .mayNotBeAccessedByAnyLayer();

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
