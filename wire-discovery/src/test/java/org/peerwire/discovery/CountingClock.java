/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import java.util.ArrayList;
import java.util.List;
import org.peerwire.discovery.internal.net.ForwardingClock;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** A clock that records its workers. */
final class CountingClock extends ForwardingClock {
    final List<Disposable> workers = new ArrayList<>();

    CountingClock(Scheduler clock) {
        super(clock);
    }

    @Override
    public Worker createWorker() {
        Worker worker = super.createWorker();
        workers.add(worker);
        return worker;
    }
}
