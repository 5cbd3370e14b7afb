/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "jmh",
        description = "Measures time and allocation of single messages and values, and writes the report.")
final class JmhCommand implements Callable<Integer> {

    @Parameters(paramLabel = "REGEX", arity = "0..1", description = "Names of the benchmarks (default: all).")
    private String which = ".*";

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for the results and the report (default: ${DEFAULT-VALUE}).")
    private Path folder = Path.of("benchmarks/results");

    @Option(
            names = "--forks",
            paramLabel = "N",
            description = "Number of processes per benchmark (default: ${DEFAULT-VALUE}).")
    private int forks = 2;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description =
                    "Seconds of measurement per process, after the same time of warm-up (default: ${DEFAULT-VALUE}).")
    private int seconds = 3;

    @Override
    public Integer call() throws Exception {
        Files.createDirectories(folder);
        new Runner(new OptionsBuilder()
                        .include(which)
                        .forks(forks)
                        .warmupIterations(seconds)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(seconds)
                        .measurementTime(TimeValue.seconds(1))
                        .addProfiler(GCProfiler.class)
                        .resultFormat(ResultFormatType.JSON)
                        .result(folder.resolve(Report.JMH).toString())
                        .shouldFailOnError(true)
                        .build())
                .run();
        System.out.println(Report.write(folder, new Settings().noise));
        return 0;
    }
}
