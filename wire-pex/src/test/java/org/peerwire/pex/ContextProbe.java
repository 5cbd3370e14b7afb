/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peerwire.Wire;
import org.peerwire.extension.ExtensionChannel;
import org.peerwire.test.FakeWire;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** A record of the Reactor contexts with which the publishers of a wire are subscribed to, by method. */
final class ContextProbe {
    static final String KEY = "trace";

    private final Map<String, List<String>> seen = new HashMap<>();

    /** Returns the values of {@link #KEY} in the subscriptions to the result of a method, "none" for none. */
    List<String> seen(String method) {
        return seen.getOrDefault(method, List.of());
    }

    Wire around(FakeWire wire) {
        return wrap(Wire.class, wire);
    }

    <T> Flux<T> around(String name, Flux<T> source) {
        return Flux.deferContextual(context -> {
            note(name, context);
            return source;
        });
    }

    private void note(String name, ContextView context) {
        seen.computeIfAbsent(name, absent -> new ArrayList<>()).add(context.getOrDefault(KEY, "none"));
    }

    private <T> T wrap(Class<T> type, T target) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    if (method.getName().equals("equals")) {
                        return self == arguments[0];
                    }
                    try {
                        return probed(method.getName(), method.invoke(target, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private @Nullable Object probed(String name, @Nullable Object result) {
        if (result instanceof Flux<?> flux) {
            return around(name, flux);
        }
        if (result instanceof Mono<?> mono) {
            return Mono.deferContextual(context -> {
                note(name, context);
                return mono;
            });
        }
        return result instanceof ExtensionChannel channel ? wrap(ExtensionChannel.class, channel) : result;
    }
}
