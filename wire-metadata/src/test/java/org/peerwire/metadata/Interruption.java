/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.Wire;
import org.peerwire.test.FakeWire;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * An event inside the code under test. Runs once, before or after the call of one method of a wire or a scheduler.
 */
final class Interruption {
    private final String method;
    private final boolean before;
    private Runnable event = () -> {};
    boolean hasHappened;

    Interruption(String method, boolean before) {
        this.method = method;
        this.before = before;
    }

    void event(Runnable event) {
        this.event = event;
    }

    private void at(String called, boolean before) {
        if (!hasHappened && called.equals(method) && before == this.before) {
            hasHappened = true;
            event.run();
        }
    }

    Wire around(FakeWire wire) {
        return (Wire) Proxy.newProxyInstance(
                Wire.class.getClassLoader(),
                new Class<?>[] {Wire.class},
                (self, called, arguments) -> call(wire, self, called, arguments));
    }

    private @Nullable Object call(FakeWire wire, Object self, Method called, Object @Nullable [] arguments)
            throws Throwable {
        if (called.getName().equals("equals") && arguments != null) {
            return self == arguments[0];
        }
        at(called.getName(), true);
        try {
            return called.invoke(wire, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        } finally {
            at(called.getName(), false);
        }
    }

    Clock around(VirtualTimeScheduler clock) {
        return new Clock(clock);
    }

    /** A clock that counts its workers in use. */
    final class Clock implements Scheduler {
        private final VirtualTimeScheduler clock;
        private final List<Worker> workers = new ArrayList<>();

        private Clock(VirtualTimeScheduler clock) {
            this.clock = clock;
        }

        long workersInUse() {
            return workers.stream().filter(worker -> !worker.isDisposed()).count();
        }

        @Override
        public Worker createWorker() {
            at("createWorker", true);
            Worker worker = new Interrupted(clock.createWorker());
            workers.add(worker);
            at("createWorker", false);
            return worker;
        }

        @Override
        public long now(TimeUnit unit) {
            return clock.now(unit);
        }

        @Override
        public Disposable schedule(Runnable task) {
            return clock.schedule(task);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return clock.schedule(task, delay, unit);
        }

        @Override
        public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
            return clock.schedulePeriodically(task, initialDelay, period, unit);
        }
    }

    private final class Interrupted implements Scheduler.Worker {
        private final Scheduler.Worker worker;

        Interrupted(Scheduler.Worker worker) {
            this.worker = worker;
        }

        @Override
        public Disposable schedule(Runnable task) {
            return worker.schedule(task);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return worker.schedule(task, delay, unit);
        }

        @Override
        public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
            at("schedulePeriodically", true);
            Disposable timer = worker.schedulePeriodically(task, initialDelay, period, unit);
            at("schedulePeriodically", false);
            return timer;
        }

        @Override
        public void dispose() {
            worker.dispose();
        }

        @Override
        public boolean isDisposed() {
            return worker.isDisposed();
        }
    }
}
