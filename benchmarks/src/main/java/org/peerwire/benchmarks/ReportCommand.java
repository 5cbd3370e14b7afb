/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "report", description = "Makes README.md and the plots from the raw lines of a run.")
final class ReportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", arity = "0..1", description = "The folder (default: ${DEFAULT-VALUE}).")
    private Path folder = Path.of("benchmarks/results");

    @Option(
            names = "--noise",
            paramLabel = "CORES",
            description = "Samples beside which others took more count as disturbed (default: ${DEFAULT-VALUE}).")
    private double noise = 0.35;

    @Override
    public Integer call() throws Exception {
        System.out.println(Report.write(folder, noise));
        return 0;
    }
}
