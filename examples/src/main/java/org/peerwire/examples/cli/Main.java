/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code peerwire} command. */
@Command(
        name = "peerwire",
        description = "Creates, seeds and downloads torrents over the BitTorrent peer wire protocol.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        version = "peerwire 0.1.0",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:success", "1:failure, with the reason on stderr", "2:invalid command line", "130:interrupted"
        },
        subcommands = {
            DemoCommand.class,
            CreateCommand.class,
            SeedCommand.class,
            DownloadCommand.class,
            MetadataCommand.class,
            PeersCommand.class,
            InfoCommand.class,
            VerifyCommand.class,
            GenerateCompletion.class
        })
public final class Main implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    /** Runs a command and exits. */
    public static void main(String[] args) {
        // With its first chunk of memory, Netty would start the flight recorder, a tenth of a second of CPU.
        System.getProperties().putIfAbsent("io.netty.jfr.enabled", "false");
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            System.err.println("peerwire: " + Texts.plain(Advice.text(e)));
            Runtime.getRuntime().halt(1);
        });
        int code = execute(commandLine(), args);
        System.out.flush();
        System.exit(code);
    }

    /** Runs a command. Prints one line also for errors that a command cannot handle, such as a full heap. */
    static int execute(CommandLine command, String... args) {
        String unreadable = LocaleNames.reason(List.of(args));
        if (unreadable != null) {
            return fail(command, unreadable, 2);
        }
        try {
            return command.execute(args);
        } catch (Throwable e) {
            return fail(command, Advice.text(e), 1);
        }
    }

    /** Returns the command. An error prints one line on stderr, with code 2 for an invalid command line and else 1. */
    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(InetSocketAddress.class, Values::address)
                .registerConverter(Path.class, LocaleNames::path)
                .registerConverter(Duration.class, Values::duration)
                .setParameterExceptionHandler((e, args) -> fail(e.getCommandLine(), hint(e), 2))
                .setExecutionExceptionHandler((e, command, result) -> fail(command, e));
    }

    private static int fail(CommandLine command, Exception e) {
        return e instanceof InvalidPathException invalid // of an argument that may be a path
                ? fail(command, LocaleNames.reason(invalid), 2)
                : fail(command, Advice.text(e), 1);
    }

    private static int fail(CommandLine command, String reason, int code) {
        command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + Texts.plain(reason));
        command.getErr().flush();
        return code;
    }

    private static String hint(ParameterException e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("invalid command line");
        String first = message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
        return first + " (see " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help)";
    }

    @Override
    public void run() {
        throw new ParameterException(
                Objects.requireNonNull(spec, "set by picocli").commandLine(),
                "missing command: give one of demo, create, seed, download, metadata, peers, info, verify");
    }
}
