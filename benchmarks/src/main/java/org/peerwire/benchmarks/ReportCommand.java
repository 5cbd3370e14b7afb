/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "report", description = "Writes README.md and the plots from the raw lines of a run.")
final class ReportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", arity = "0..1", description = "Folder of the run (default: ${DEFAULT-VALUE}).")
    private Path folder = Path.of("benchmarks/results");

    @Option(
            names = "--noise",
            paramLabel = "CORES",
            description =
                    "Samples during which others used more processors count as disturbed (default: ${DEFAULT-VALUE}).")
    private double noise = 0.35;

    @Override
    public Integer call() throws Exception {
        System.out.println(Report.write(folder, noise));
        return 0;
    }
}
