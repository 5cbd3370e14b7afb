/* SPDX-License-Identifier: MIT */
package org.peerwire.leaks;

import io.netty.buffer.ByteBuf;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A leak detector for Netty 4.1 and 4.2 that counts every buffer from its allocation to its release. Needs no garbage
 * collection. Netty uses it in a JVM started with
 * {@code -Dio.netty.customResourceLeakDetector=org.peerwire.leaks.LeakDetector}.
 *
 * <p>Netty tracks pooled buffers, direct buffers and composite buffers. It does not track unpooled heap buffers, such
 * as those of {@code Unpooled.buffer()}; the garbage collector frees these. Buffers that a static initializer of Netty
 * allocates are not counted, because they are constants. Resources that are not buffers are not counted either.
 *
 * <p>Reads a private field of {@link ResourceLeakDetector}, because Netty 4.1 offers no way to see a release. If a
 * version of Netty lacks this field, Netty logs the error and works without this detector, and {@link #isInUse()}
 * returns false.
 *
 * @param <T> the type of the tracked resources
 */
public final class LeakDetector<T> extends ResourceLeakDetector<T> {
    private static final int STACKS_SHOWN = 10;
    private static final Pattern ALLOCATION = Pattern.compile("buffer (\\d+), allocated by (.*)\\R([\\s\\S]*)");
    private static final Pattern CONSTANT = Pattern.compile("\\sio\\.netty\\.[\\w.$]+\\.<clinit>\\(");

    private static final List<LeakDetector<?>> DETECTORS = new CopyOnWriteArrayList<>();
    private static final AtomicLong ALLOCATIONS = new AtomicLong();
    private static final Queue<String> COLLECTED = new ConcurrentLinkedQueue<>();
    private static final Set<Long> REPORTED = ConcurrentHashMap.newKeySet();

    private final boolean buffers;
    private final Collection<?> live;

    /**
     * Creates a detector for one type of resource; called by Netty.
     *
     * @param resourceType the type of the resources
     * @param samplingInterval ignored for buffers: every buffer is counted
     */
    public LeakDetector(Class<?> resourceType, int samplingInterval) {
        super(resourceType, isBuffer(resourceType) ? 1 : samplingInterval);
        buffers = isBuffer(resourceType);
        live = buffers ? Internals.live(this) : List.of();
        DETECTORS.add(this);
    }

    /**
     * Creates a detector for one type of resource; called by old versions of Netty.
     *
     * @param resourceType the type of the resources
     * @param samplingInterval ignored for buffers: every buffer is counted
     * @param maxActive ignored
     */
    public LeakDetector(Class<?> resourceType, int samplingInterval, long maxActive) {
        this(resourceType, samplingInterval);
    }

    private static boolean isBuffer(Class<?> resourceType) {
        return ByteBuf.class.isAssignableFrom(resourceType);
    }

    /**
     * Returns whether Netty uses this detector in this JVM. If it does not, no buffer is counted.
     *
     * @return true in a JVM with the system property {@code io.netty.customResourceLeakDetector} set to this class,
     *     unless Netty's leak detection is disabled
     */
    public static boolean isInUse() {
        return isEnabled() && Choice.THIS;
    }

    /**
     * Returns the number of buffers that are allocated, not released and not yet reported by {@link #check()}. Changes
     * nothing.
     *
     * @return the number of live buffers, 0 if the detector is not in use
     */
    public static int liveBuffers() {
        return (int) unreported().count();
    }

    /**
     * Fails if there are live buffers, and reports each buffer only once: the next call fails for other buffers only.
     *
     * @throws AssertionError if there are live buffers; with their number and up to 10 stacks of allocations, each with
     *     its number of buffers and its thread
     */
    public static void check() {
        check("");
    }

    /** Fails like {@link #check()}, with the owner of the buffers as the end of the first sentence. */
    static void check(String owner) {
        List<Allocation> leaked =
                unreported().filter(buffer -> REPORTED.add(buffer.number)).toList();
        if (leaked.isEmpty()) {
            return;
        }
        Map<String, Long> places = leaked.stream()
                .collect(Collectors.groupingBy(
                        buffer -> "by " + buffer.thread + " at\n" + buffer.stack, TreeMap::new, Collectors.counting()));
        String first =
                (leaked.size() == 1 ? "1 buffer was" : leaked.size() + " buffers were") + " not released" + owner;
        throw new AssertionError(places.entrySet().stream()
                .limit(STACKS_SHOWN)
                .map(place -> place.getValue() + " allocated " + place.getKey())
                .collect(Collectors.joining("\n", first + ".\n", "")));
    }

    private static Stream<Allocation> unreported() {
        return Stream.concat(
                        DETECTORS.stream()
                                .flatMap(detector -> detector.live.stream())
                                .map(LeakDetector::report),
                        COLLECTED.stream())
                .flatMap(Allocation::in)
                .filter(buffer -> !REPORTED.contains(buffer.number));
    }

    /** Returns Netty's report of a buffer; empty if the buffer is released meanwhile, where Netty fails. */
    private static String report(Object buffer) {
        try {
            return buffer.toString();
        } catch (NegativeArraySizeException released) { // its mark of a release is a record before the first
            return "";
        }
    }

    @Override
    protected @Nullable Object getInitialHint(String resourceType) {
        if (!buffers) {
            return super.getInitialHint(resourceType);
        }
        return "buffer " + ALLOCATIONS.incrementAndGet() + ", allocated by "
                + Thread.currentThread().getName();
    }

    @Override
    protected boolean needReport() {
        return buffers || super.needReport();
    }

    /** Keeps a buffer that was garbage collected: Netty no longer lists it. */
    @Override
    protected void reportTracedLeak(String resourceType, String records) {
        if (buffers) {
            COLLECTED.add(records);
        } else {
            super.reportTracedLeak(resourceType, records);
        }
    }

    /** The allocation of one buffer, read from the text that Netty keeps for it. */
    private record Allocation(long number, String thread, String stack) {
        /** Returns the allocation in a text; nothing for a constant of Netty and for a buffer released meanwhile. */
        static Stream<Allocation> in(String records) {
            Matcher text = ALLOCATION.matcher(records);
            return text.find() && !CONSTANT.matcher(text.group(3)).find()
                    ? Stream.of(new Allocation(Long.parseLong(text.group(1)), text.group(2), text.group(3)))
                    : Stream.empty();
        }
    }

    /** The answer of Netty's factory, asked once. */
    private static final class Choice {
        static final boolean THIS =
                ResourceLeakDetectorFactory.instance().newResourceLeakDetector(ByteBuf.class) instanceof LeakDetector;
    }

    /** The part of Netty's detector that is not public. */
    private static final class Internals {
        private static final String FIELD = "allLeaks";

        /** Returns the resources that are tracked and not released, as a live view. */
        static Collection<?> live(ResourceLeakDetector<?> detector) {
            try {
                Field field = ResourceLeakDetector.class.getDeclaredField(FIELD);
                field.setAccessible(true);
                return (Collection<?>) field.get(detector);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("ResourceLeakDetector must have the field " + FIELD, e);
            }
        }
    }
}
