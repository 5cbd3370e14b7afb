/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.peerwire.Wire;
import org.peerwire.extension.ExtensionChannel;
import org.peerwire.test.FakeWire;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A wire that runs an action before one of its steps. A step is a call to the wire or to one of its channels, or a
 * subscription to one of their publishers. With this, a test can end a wire at every moment of an operation.
 */
final class SteppedWire {
    private final FakeWire fake;
    private final int when;
    private final Runnable action;
    private final AtomicInteger steps = new AtomicInteger();

    /** The wire that counts its steps. */
    final Wire wire;

    /**
     * @param when the step at which the action runs, from 1
     */
    SteppedWire(FakeWire fake, int when, Runnable action) {
        this.fake = fake;
        this.when = when;
        this.action = action;
        this.wire = wrap(Wire.class, fake);
    }

    /** Returns true if the operation had fewer steps, so that the action did not run. */
    boolean isOver() {
        return steps.get() < when;
    }

    private void step() {
        if (steps.incrementAndGet() == when) {
            action.run();
        }
    }

    private <T> T wrap(Class<T> type, T target) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    if (method.getDeclaringClass() == Object.class) {
                        return switch (method.getName()) {
                            case "equals" -> self == arguments[0];
                            case "hashCode" -> System.identityHashCode(self);
                            default -> "stepped " + target;
                        };
                    }
                    step();
                    try {
                        return stepped(method.invoke(target, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private @Nullable Object stepped(@Nullable Object result) {
        if (result instanceof Flux<?> flux) {
            return flux.doFirst(this::step);
        }
        if (result instanceof Mono<?> mono) {
            return mono.doFirst(this::step);
        }
        return result instanceof ExtensionChannel channel ? wrap(ExtensionChannel.class, channel) : result;
    }

    /** Returns the fake wire, for the side of the peer. */
    FakeWire fake() {
        return fake;
    }
}
