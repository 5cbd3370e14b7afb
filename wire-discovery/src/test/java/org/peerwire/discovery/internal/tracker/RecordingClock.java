/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.peerwire.discovery.internal.net.ForwardingClock;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** A clock that records the delays in seconds that it is asked for. */
final class RecordingClock extends ForwardingClock {
    final List<Long> seconds = new CopyOnWriteArrayList<>();

    RecordingClock(Scheduler clock) {
        super(clock);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        if (unit == TimeUnit.SECONDS) {
            seconds.add(delay);
        }
        return super.schedule(task, delay, unit);
    }
}
