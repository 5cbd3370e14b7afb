/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

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
}
