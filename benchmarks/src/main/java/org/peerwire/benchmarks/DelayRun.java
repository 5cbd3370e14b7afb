/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.peerwire.benchmarks.peers.DelayedDownloads;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures downloads over a line with a delay. */
@Command(
        name = "delay",
        description = "Measures downloads through the common operators over a line with a delay, with and without the"
                + " buffer of downloads.")
final class DelayRun implements Callable<Integer> {

    @Option(
            names = "--rtt",
            split = ",",
            paramLabel = "MS",
            description = "Round trips to measure, in ms (default: ${DEFAULT-VALUE}).",
            defaultValue = "0,20,100,300")
    private List<Integer> roundTrips = List.of();

    @Option(names = "--seconds", paramLabel = "N", description = "Time of a download (default: ${DEFAULT-VALUE}).")
    private double seconds = 6;

    @Override
    public Integer call() {
        System.out.println("round trip ms,buffer,operator,MiB/s");
        Duration time = Duration.ofMillis((long) (1000 * seconds));
        roundTrips.forEach(roundTrip -> DelayedDownloads.measure(roundTrip, time, System.out::println));
        return 0;
    }
}
