/* SPDX-License-Identifier: MIT */
package org.peerwire.leaks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.container;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** Runs test classes that JUnit does not find itself, in this JVM and in one without the detector. */
class LeakExtensionTest {
    private static final String DETECTOR = "-Dio.netty.customResourceLeakDetector=org.peerwire.leaks.LeakDetector";

    @BeforeEach
    @AfterEach
    void noBufferOfAnotherTestIsLive() {
        assertThat(LeakDetector.liveBuffers()).isZero();
    }

    @Test
    void aLeakFailsItsOutermostClassAndNotTheNext() {
        Events containers = run(Leaks.class, ReleasesAtOnce.class);

        containers.assertStatistics(stats -> stats.started(4).succeeded(3).failed(1));
        containers.assertThatEvents().haveExactly(1, leakOf(Leaks.class, "2 buffers were not released"));
        assertThat(Leaks.left.release()).isTrue();
        assertThat(Leaks.leftByInner.release()).isTrue();
    }

    @Test
    void aReleaseByAnotherThreadIsWaitedFor() {
        run(ReleasesLate.class)
                .assertStatistics(stats -> stats.started(2).succeeded(2).failed(0));
        assertThat(ReleasesLate.releasedAfterTheTest)
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo(true);
    }

    @Test
    @Timeout(60)
    void buffersMayBeReleasedWhileTheyAreCounted() {
        AtomicBoolean counted = new AtomicBoolean();
        CompletableFuture<Void> busy = CompletableFuture.runAsync(() -> {
            while (!counted.get()) {
                ByteBufAllocator.DEFAULT.buffer(64).release();
            }
        });
        try {
            for (int i = 0; i < 400_000; i++) {
                LeakDetector.liveBuffers(); // any number: buffers come and go
            }
        } finally {
            counted.set(true);
            busy.join();
        }
    }

    @Test
    void aBufferThatANestedClassLeavesToItsOuterClassIsNoLeak() {
        run(ReleasesAfterItsNested.class)
                .assertStatistics(stats -> stats.started(3).succeeded(3).failed(0));
    }

    @Test
    @Timeout(60)
    void withoutTheDetectorALeakPassesAndAWarningIsPrintedOnce() throws Exception {
        assertThat(javaMain())
                .containsOnlyOnce("Buffer leaks are not detected in this JVM")
                .contains(DETECTOR)
                .contains("0 of 2 test classes failed");
    }

    @Test
    @Timeout(60)
    void theFailureNamesTheThreadAndTheMethodThatAllocated() throws Exception {
        assertThat(javaMain(DETECTOR))
                .doesNotContain("not detected")
                .contains("1 of 2 test classes failed")
                .contains("1 allocated by main at")
                .contains("LeakExtensionTest$Leaks.leavesOne(", "LeakExtensionTest$Leaks$Inner.leavesOne(");
    }

    @Test
    @Timeout(60)
    void aDetectorThatIsAskedForAndDisabledFailsEveryClass() throws Exception {
        assertThat(javaMain(DETECTOR, "-Dio.netty.leakDetection.level=disabled"))
                .contains("must not be disabled, was DISABLED")
                .contains("2 of 2 test classes failed");
    }

    @Test
    void aConstantOfNettyIsNoLeak() throws Exception {
        Class.forName("io.netty.handler.codec.http.HttpObjectEncoder");

        assertThat(LeakDetector.liveBuffers()).isZero();
    }

    @Test
    @Timeout(60)
    void aBufferThatIsGarbageCollectedIsReportedOnce() throws Exception {
        ReferenceQueue<ByteBuf> collected = new ReferenceQueue<>();
        WeakReference<ByteBuf> lost = new WeakReference<>(allocate(), collected);
        while (collected.remove(10) != lost) {
            System.gc();
        }

        for (int i = 0; i < 1_000; i++) {
            allocate().release(); // Netty looks for collected buffers when it allocates
            assertThat(LeakDetector.liveBuffers()).isOne();
        }
        assertThatThrownBy(LeakDetector::check)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("1 buffer was not released");
        LeakDetector.check();
    }

    private static Condition<Event> leakOf(Class<?> owner, String start) {
        return event(
                container(owner),
                finishedWithFailure(
                        instanceOf(AssertionError.class),
                        message(text -> text.startsWith(start)
                                && text.contains(owner.getName())
                                && text.contains(Thread.currentThread().getName()))));
    }

    private static Events run(Class<?>... classes) {
        return results(classes).containerEvents();
    }

    private static EngineExecutionResults results(Class<?>... classes) {
        return EngineTestKit.engine("junit-jupiter")
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                .configurationParameter(
                        "junit.jupiter.testclass.order.default", ClassOrderer.OrderAnnotation.class.getName())
                .selectors(Arrays.stream(classes).map(type -> selectClass(type)).toArray(DiscoverySelector[]::new))
                .execute();
    }

    /** Returns the standard output and error of {@link Main} in a JVM of its own. */
    private static String javaMain(String... options) throws Exception {
        String[] command = Stream.of(
                        Stream.of(Path.of(System.getProperty("java.home"), "bin", "java")
                                .toString()),
                        Stream.of("-cp", System.getProperty("java.class.path")),
                        Arrays.stream(options),
                        Stream.of(Main.class.getName()))
                .flatMap(part -> part)
                .toArray(String[]::new);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static ByteBuf allocate() {
        return ByteBufAllocator.DEFAULT.buffer(16);
    }

    /** Runs a class that leaks and one that does not, and prints the failures. */
    static final class Main {
        public static void main(String[] args) {
            Events containers = results(Leaks.class, ReleasesAtOnce.class).containerEvents();
            containers
                    .failed()
                    .map(event -> event.getRequiredPayload(TestExecutionResult.class)
                            .getThrowable()
                            .orElseThrow())
                    .forEach(Throwable::printStackTrace);
            System.out.println(containers.failed().count() + " of 2 test classes failed");
        }
    }

    @Order(1)
    static class Leaks {
        static ByteBuf left = Unpooled.EMPTY_BUFFER;
        static ByteBuf leftByInner = Unpooled.EMPTY_BUFFER;

        @Test
        void leavesOne() {
            left = allocate();
        }

        @Nested
        class Inner {
            @Test
            void leavesOne() {
                leftByInner = ByteBufAllocator.DEFAULT.directBuffer(16);
            }
        }
    }

    @Order(2)
    static class ReleasesAtOnce {
        @Test
        void releases() {
            allocate().release();
        }
    }

    static class ReleasesLate {
        static CompletableFuture<Boolean> releasedAfterTheTest = new CompletableFuture<>();

        @Test
        void leavesOneToAnotherThread() {
            ByteBuf buffer = allocate();
            releasedAfterTheTest = CompletableFuture.supplyAsync(
                    buffer::release, CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS));
        }
    }

    static class ReleasesAfterItsNested {
        static ByteBuf shared = Unpooled.EMPTY_BUFFER;

        @BeforeAll
        static void allocateShared() {
            shared = allocate();
        }

        @AfterAll
        static void releaseShared() {
            shared.release();
        }

        @Nested
        class Inner {
            @Test
            void usesTheBufferOfItsOuterClass() {
                assertThat(shared.refCnt()).isOne();
            }
        }
    }
}
