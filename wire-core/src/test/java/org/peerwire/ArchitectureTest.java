/* SPDX-License-Identifier: MIT */
package org.peerwire;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import reactor.core.publisher.Sinks;

@AnalyzeClasses(
        packages = "org.peerwire",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.WithoutLeaks.class})
class ArchitectureTest {
    /** Excludes the classes of wire-leaks, which are on the class path of the tests only. */
    static final class WithoutLeaks implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/org/peerwire/leaks/");
        }
    }

    /** The rules below would pass without any class. */
    @ArchTest
    static void theClassesWereFound(JavaClasses all) {
        assertThat(all.contain("org.peerwire.internal.engine.Engine")).isTrue();
        assertThat(all).hasSizeGreaterThan(60);
    }

    @ArchTest
    static final ArchRule onlyTheEntryPointsUseTheInternals = noClasses()
            .that(resideInAPackage("org.peerwire..")
                    .and(not(resideInAPackage("org.peerwire.internal..")))
                    .and(not(belongToAnyOf(WireClient.class, WireServer.class, EncryptionKeys.class))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.peerwire.internal..");

    @ArchTest
    static final ArchRule encryptionIsBytesInBytesOut = noClasses()
            .that()
            .resideInAPackage("org.peerwire.internal.encryption")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty.channel..", "reactor.netty..");

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
            .resideInAnyPackage("org.peerwire", "org.peerwire.internal..", "org.peerwire.extension", "reactor..");

    @ArchTest
    static final ArchRule extensionsKnowNoWire = noClasses()
            .that()
            .resideInAPackage("org.peerwire.extension")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.peerwire", "org.peerwire.internal..", "org.peerwire.message");

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

    /** The two exceptions signal changes of state; nothing they emit is written to the socket. */
    @ArchTest
    static final ArchRule nothingIsWrittenThroughASink = noClasses()
            .that(not(simpleName("ChokeState")).and(not(simpleName("ExtensionRegistry"))))
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Sinks.Many.class);

    /** The rooms of the inside, each above those it may depend on. No room knows the surface's entry points. */
    @ArchTest
    static final ArchRule roomsDependDownwards = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("org.peerwire.internal..")
            .layer("server")
            .definedBy("org.peerwire.internal.server")
            .layer("handshake")
            .definedBy("org.peerwire.internal.handshake")
            .layer("encryption")
            .definedBy("org.peerwire.internal.encryption")
            .layer("engine")
            .definedBy("org.peerwire.internal.engine")
            .layer("exchange")
            .definedBy("org.peerwire.internal.exchange")
            .layer("extension")
            .definedBy("org.peerwire.internal.extension")
            .layer("outbound")
            .definedBy("org.peerwire.internal.outbound")
            .layer("inbound")
            .definedBy("org.peerwire.internal.inbound")
            .layer("peer")
            .definedBy("org.peerwire.internal.peer")
            .layer("loop")
            .definedBy("org.peerwire.internal.loop")
            .whereLayer("server")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("handshake")
            .mayOnlyBeAccessedByLayers("server")
            .whereLayer("encryption")
            .mayOnlyBeAccessedByLayers("handshake")
            .whereLayer("engine")
            .mayOnlyBeAccessedByLayers("server", "handshake")
            .whereLayer("exchange")
            .mayOnlyBeAccessedByLayers("engine")
            .whereLayer("extension")
            .mayOnlyBeAccessedByLayers("engine")
            .whereLayer("outbound")
            .mayOnlyBeAccessedByLayers("handshake", "engine", "exchange", "extension")
            .whereLayer("inbound")
            .mayOnlyBeAccessedByLayers("handshake", "engine", "extension")
            .whereLayer("peer")
            .mayOnlyBeAccessedByLayers("handshake", "engine", "exchange", "extension", "inbound")
            .whereLayer("loop")
            .mayOnlyBeAccessedByLayers(
                    "server", "handshake", "engine", "exchange", "extension", "outbound", "inbound", "peer");

    @ArchTest
    static final ArchRule roomsHaveNoCycles =
            slices().matching("org.peerwire.internal.(*)").should().beFreeOfCycles();

    /** The public wire and its inside are one slice, because the entry points create what is inside. */
    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().assignedFrom(new SliceAssignment() {
                @Override
                public String getDescription() {
                    return "packages, with org.peerwire and org.peerwire.internal as one";
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

    /**
     * No two classes of the inside depend on each other, nested classes counted with their outer class, except these: a
     * queue and its publishers, a hub and its subscriptions, the block exchange and its two ways to ask.
     */
    @ArchTest
    static void noTwoClassesDependOnEachOther(JavaClasses all) {
        Set<Set<String>> allowed = Set.of(
                Set.of("OutboundQueue", "PublisherSend"),
                Set.of("InboundHub", "HubSubscription"),
                Set.of("Blocks", "SingleRequest"),
                Set.of("Blocks", "BlockDownload"));
        Map<String, Set<String>> uses = new TreeMap<>();
        all.stream()
                .filter(resideInAPackage("org.peerwire.internal.."))
                .forEach(type -> type.getDirectDependenciesFromSelf()
                        .forEach(dependency -> uses.computeIfAbsent(outer(type), first -> new TreeSet<>())
                                .add(outer(dependency.getTargetClass()))));
        Set<Set<String>> pairs = new HashSet<>();
        uses.forEach((one, others) -> others.stream()
                .filter(other ->
                        !other.equals(one) && uses.getOrDefault(other, Set.of()).contains(one))
                .forEach(other -> pairs.add(Set.of(one, other))));
        assertThat(pairs).isEqualTo(allowed);
    }

    /**
     * Returns the simple name of the outermost class around a class of the inside, the full name of any other class.
     */
    private static String outer(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer.getPackageName().startsWith("org.peerwire.internal") ? outer.getSimpleName() : outer.getName();
    }
}
