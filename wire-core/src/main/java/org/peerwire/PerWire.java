/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One value for each open wire, made when it is first asked for and forgotten when the wire ends: the state that an extension
 * keeps between several calls for the same wire. Thread-safe.
 *
 * @param <T> the values
 */
public final class PerWire<T> {
    private final Function<? super Wire, ? extends T> make;
    private final Map<Wire, T> values = new ConcurrentHashMap<>();

    private PerWire(Function<? super Wire, ? extends T> make) {
        this.make = make;
    }

    /**
     * Creates an empty set of values.
     *
     * @param make makes the value of a wire; called at most once for each open wire, must not block and must not ask for
     *     another value of this object
     */
    public static <T> PerWire<T> of(Function<? super Wire, ? extends T> make) {
        return new PerWire<>(make);
    }

    /**
     * Returns the value of a wire. For a wire that has ended before, returns a value that is not kept, so that nothing
     * outlives the wire.
     */
    public T get(Wire wire) {
        T known = values.get(wire);
        if (known != null) {
            return known;
        }
        boolean[] made = new boolean[1];
        T value = values.computeIfAbsent(wire, absent -> {
            made[0] = true;
            return make.apply(wire);
        });
        if (made[0]) {
            // signals at once when the wire has ended, also if that happened since the first line
            wire.onClose()
                    .onErrorComplete()
                    .doFinally(end -> values.remove(wire))
                    .subscribe();
        }
        return value;
    }

    /** Returns the value of a wire, or null if none has been asked for or the wire has ended. */
    public @Nullable T find(Wire wire) {
        return values.get(wire);
    }

    /** Returns the number of wires that have a value. */
    public int size() {
        return values.size();
    }
}
