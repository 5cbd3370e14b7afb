/* SPDX-License-Identifier: MIT */
package org.peerwire;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.time.Clock;
import java.time.Instant;
import reactor.core.publisher.Sinks;

@AnalyzeClasses(packages = "org.peerwire", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    /** The rules below hold for nothing if nothing was found. */
    @ArchTest
    static void theClassesWereFound(JavaClasses all) {
        assertThat(all.contain("org.peerwire.internal.Engine")).isTrue();
        assertThat(all).hasSizeGreaterThan(60);
    }

    @ArchTest
    static final ArchRule onlyTheEntryPointsUseTheInternals = noClasses()
            .that(resideInAPackage("org.peerwire..")
                    .and(not(resideInAPackage("org.peerwire.internal..")))
                    .and(not(simpleName("WireClient")))
                    .and(not(simpleName("WireServer")))
                    .and(not(simpleName("EncryptionKeys"))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.peerwire.internal..");

    @ArchTest
    static final ArchRule encryptionIsBytesInBytesOut = noClasses()
            .that()
            .resideInAPackage("org.peerwire.internal.encryption")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.peerwire.internal", "io.netty.channel..", "reactor.netty..");

    @ArchTest
    static final ArchRule bencodeKnowsNothingElse = classes()
            .that()
            .resideInAPackage("org.peerwire.bencode")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("org.peerwire.bencode", "java..", "io.netty.buffer", "org.jspecify..");

    @ArchTest
    static final ArchRule messagesKnowNoWire = noClasses()
            .that()
            .resideInAPackage("org.peerwire.message")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.peerwire", "org.peerwire.internal", "org.peerwire.extension", "reactor..");

    @ArchTest
    static final ArchRule extensionsKnowNoWire = noClasses()
            .that()
            .resideInAPackage("org.peerwire.extension")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.peerwire", "org.peerwire.internal", "org.peerwire.message");

    @ArchTest
    static final ArchRule timeComesFromTheScheduler = noClasses()
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class);

    @ArchTest
    static final ArchRule nothingIsLocked = noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED);

    /** The two that tell of changes are on nobody's way to the socket. */
    @ArchTest
    static final ArchRule nothingIsWrittenThroughASink = noClasses()
            .that(not(simpleName("States")).and(not(simpleName("Extensions"))))
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Sinks.Many.class);

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().assignedFrom(new SliceAssignment() {
                @Override
                public String getDescription() {
                    return "packages, where the public wire and what is inside it are one";
                }

                @Override
                public SliceIdentifier getIdentifierOf(JavaClass type) {
                    String name = type.getPackageName();
                    boolean wire = name.equals("org.peerwire") || name.startsWith("org.peerwire.internal");
                    return SliceIdentifier.of(wire ? "wire" : name);
                }
            })
            .should()
            .beFreeOfCycles();
}
