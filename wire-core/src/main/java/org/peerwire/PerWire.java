/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A map from open wires to values, for example the state of an extension. A value is made at the first {@link #get} and
 * removed when the wire ends. Thread-safe.
 *
 * @param <T> the type of the values
 */
public final class PerWire<T> {
    private final Function<? super Wire, ? extends T> make;
    private final Map<Wire, T> values = new ConcurrentHashMap<>();

    private PerWire(Function<? super Wire, ? extends T> make) {
        this.make = make;
    }

    /**
     * Returns a new empty map.
     *
     * @param make makes the value of a wire; called at most once for each open wire; must neither block nor use this
     *     map
     */
    public static <T> PerWire<T> of(Function<? super Wire, ? extends T> make) {
        return new PerWire<>(make);
    }

    /**
     * Returns the value of a wire. For an ended wire it returns a new value that is not kept, so that nothing outlives
     * the wire.
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
            // signals at once for an ended wire, also if it has ended since the first line
            wire.onClose()
                    .onErrorComplete()
                    .doFinally(end -> values.remove(wire))
                    .subscribe();
        }
        return value;
    }

    /** Returns the value of a wire, or null if none has been made or the wire has ended. */
    public @Nullable T find(Wire wire) {
        return values.get(wire);
    }

    /** Returns the number of wires that have a value. */
    public int size() {
        return values.size();
    }
}
