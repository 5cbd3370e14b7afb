/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.peerwire.discovery.TrackerEvent;

/** Reports the failures of the trackers of a torrent, each once until the reason changes. */
final class TrackerFailures implements Consumer<TrackerEvent.Failed> {
    private final CliEvent.Listener events;
    private final Map<URI, String> reported = new ConcurrentHashMap<>();

    TrackerFailures(CliEvent.Listener events) {
        this.events = events;
    }

    @Override
    public void accept(TrackerEvent.Failed failed) {
        String reason = String.valueOf(failed.failure().getMessage());
        if (!reason.equals(reported.put(failed.tracker(), reason))) {
            events.on(new CliEvent.TrackerFailed(failed.tracker(), reason));
        }
    }
}
