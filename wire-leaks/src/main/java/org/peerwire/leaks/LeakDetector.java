/* SPDX-License-Identifier: MIT */
package org.peerwire.leaks;

import io.netty.buffer.ByteBuf;
import io.netty.util.LeakPresenceDetector;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A leak detector for Netty that counts every buffer from its allocation to its release. Needs no garbage collection.
 * Netty uses it in a JVM started with {@code -Dio.netty.customResourceLeakDetector=org.peerwire.leaks.LeakDetector}.
 *
 * <p>With {@code -Dorg.peerwire.leaks.stacks=true} it also keeps the stack of every allocation, which slows the tests.
 *
 * <p>Netty tracks pooled buffers, direct buffers and composite buffers. It does not track unpooled heap buffers, such
 * as those of {@code Unpooled.buffer()}; the garbage collector frees these. Buffers of static initializers that Netty
 * marks with {@link LeakPresenceDetector#staticInitializer} are not counted, nor are resources that are not buffers.
 *
 * @param <T> the type of the tracked resources
 */
public final class LeakDetector<T> extends ResourceLeakDetector<T> {
    private static final String STACKS = "org.peerwire.leaks.stacks";
    private static final boolean KEEP_STACKS = Boolean.getBoolean(STACKS);
    private static final int STACKS_SHOWN = 10;
    private static final Set<Tracker<?>> LIVE = ConcurrentHashMap.newKeySet();

    private final boolean buffers;
    private final LeakPresenceDetector<T> staticInitializers;

    /**
     * Creates a detector for one type of resource; called by Netty.
     *
     * @param resourceType the type of the resources
     * @param samplingInterval ignored: every buffer is counted
     */
    public LeakDetector(Class<?> resourceType, int samplingInterval) {
        super(resourceType, samplingInterval);
        buffers = ByteBuf.class.isAssignableFrom(resourceType);
        staticInitializers = new LeakPresenceDetector<>(resourceType);
    }

    /**
     * Creates a detector for one type of resource; called by old versions of Netty.
     *
     * @param resourceType the type of the resources
     * @param samplingInterval ignored: every buffer is counted
     * @param maxActive ignored
     */
    public LeakDetector(Class<?> resourceType, int samplingInterval, long maxActive) {
        this(resourceType, samplingInterval);
    }

    /**
     * Returns whether Netty uses this detector in this JVM. If it does not, no buffer is counted.
     *
     * @return true in a JVM with the system property {@code io.netty.customResourceLeakDetector} set to this class
     */
    public static boolean isInUse() {
        return ResourceLeakDetectorFactory.instance().newResourceLeakDetector(ByteBuf.class) instanceof LeakDetector;
    }

    /**
     * Returns the number of buffers that are allocated, not released and not yet reported by {@link #check()}. Changes
     * nothing.
     *
     * @return the number of live buffers, 0 if the detector is not in use
     */
    public static int liveBuffers() {
        return LIVE.size();
    }

    /**
     * Fails if there are live buffers, and reports each buffer only once: the next call fails for other buffers only.
     *
     * @throws AssertionError if there are live buffers; with their number, the threads that allocated them and, if they
     *     are kept, up to 10 stacks of allocations as suppressed exceptions
     */
    public static void check() {
        check("");
    }

    /** Fails like {@link #check()}, with the owner of the buffers as the end of the first sentence. */
    static void check(String owner) {
        List<Tracker<?>> leaked = List.copyOf(LIVE);
        if (leaked.isEmpty()) {
            return;
        }
        leaked.forEach(LIVE::remove);
        Map<String, Long> threads = leaked.stream()
                .collect(Collectors.groupingBy(tracker -> tracker.thread, TreeMap::new, Collectors.counting()));
        String message =
                (leaked.size() == 1 ? "1 buffer was" : leaked.size() + " buffers were") + " not released" + owner
                        + ". Allocated by thread (buffers): "
                        + threads.entrySet().stream()
                                .map(thread -> thread.getKey() + " (" + thread.getValue() + ")")
                                .collect(Collectors.joining(", "))
                        + (KEEP_STACKS ? "" : ". Run with -D" + STACKS + "=true to see the stack of each allocation");
        AssertionError failure = new AssertionError(message);
        leaked.stream().limit(STACKS_SHOWN).forEach(tracker -> {
            if (tracker.allocation != null) {
                failure.addSuppressed(tracker.allocation);
            }
        });
        throw failure;
    }

    @Override
    public @Nullable ResourceLeakTracker<T> track(T resource) {
        // Netty takes null for a resource that is not tracked.
        return buffers && staticInitializers.track(resource) != null ? new Tracker<>() : null;
    }

    @Override
    public ResourceLeakTracker<T> trackForcibly(T resource) {
        return new Tracker<>();
    }

    @Override
    public boolean isRecordEnabled() {
        return false;
    }

    /** The stack of an allocation. */
    private static final class Allocation extends Throwable {
        private static final long serialVersionUID = 1;

        Allocation(String thread) {
            super("allocated by " + thread);
        }
    }

    /** A live buffer. Does not hold the buffer itself. */
    private static final class Tracker<T> implements ResourceLeakTracker<T> {
        final String thread = Thread.currentThread().getName();
        final @Nullable Allocation allocation = KEEP_STACKS ? new Allocation(thread) : null;
        private final AtomicBoolean closed = new AtomicBoolean();

        Tracker() {
            LIVE.add(this);
        }

        @Override
        public void record() {}

        @Override
        public void record(Object hint) {}

        /** Returns true at the first call, also for a buffer that was reported: Netty asserts it. */
        @Override
        public boolean close(T resource) {
            LIVE.remove(this);
            return closed.compareAndSet(false, true);
        }
    }
}
