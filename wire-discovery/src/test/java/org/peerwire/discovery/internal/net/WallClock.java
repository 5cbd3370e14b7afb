/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.net;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;

/** A clock whose time of day can be set back, as that of a machine. Its nanoseconds go on, as those of a machine do. */
public final class WallClock extends ForwardingClock {
    private volatile Duration behind = Duration.ZERO;

    /** Creates a clock with the delays of another. */
    public WallClock(Scheduler clock) {
        super(clock);
    }

    /** Sets the time of day back. */
    public void setBack(Duration time) {
        behind = behind.plus(time);
    }

    @Override
    public long now(TimeUnit unit) {
        long now = super.now(unit);
        return unit.compareTo(TimeUnit.MILLISECONDS) < 0 ? now : now - unit.convert(behind);
    }
}
