/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.peerwire.examples.swarm.SwarmException;
import org.peerwire.examples.swarm.Target;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Torrent;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads what users write. */
final class Values {
    private static final Pattern ADDRESS =
            Pattern.compile("(?:\\[(?<v6>[^\\]]+)\\]|(?<host>[^:\\[\\]]+)):(?<port>\\d{1,5})");
    private static final Pattern AMOUNT = Pattern.compile("(?<number>\\d{1,9})\\s*(?<unit>[a-z]*)");

    private Values() {}

    /** Reads a number of bytes. */
    static final class Size implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return bytes(text);
        }
    }

    /** Reads a port. */
    static final class Port implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return number(text, 0, 65_535, "a port is 0 to 65535, not ");
        }
    }

    /** Reads how many of something there may be. */
    static final class Limit implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return number(text, 1, 999_999, "it is a number from 1 on, not ");
        }
    }

    /** Reads a host, looked up once. */
    static final class Host implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            InetSocketAddress address = new InetSocketAddress(text, 0);
            if (text.isBlank() || address.isUnresolved()) {
                throw new TypeConversionException("there is no host " + text);
            }
            return address.getAddress().getHostAddress();
        }
    }

    private static int number(String text, int first, int last, String otherwise) {
        int number = text.matches("\\d{1,6}") ? Integer.parseInt(text) : -1;
        if (number < first || number > last) {
            throw new TypeConversionException(otherwise + text);
        }
        return number;
    }

    /** {@code host:port}, looked up. */
    static InetSocketAddress address(String text) {
        Matcher matcher = ADDRESS.matcher(text);
        int port = matcher.matches() ? Integer.parseInt(matcher.group("port")) : 0;
        if (port < 1 || port > 65_535) {
            throw new TypeConversionException("'" + text + "' is not HOST:PORT");
        }
        String host = matcher.group("v6") != null ? matcher.group("v6") : matcher.group("host");
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new TypeConversionException("there is no host " + host);
        }
        return address;
    }

    /** A duration such as {@code 500ms}, {@code 30s} (or {@code 30}), {@code 5m}, {@code 1h}. */
    static Duration duration(String text) {
        Matcher matcher = AMOUNT.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is not a duration such as 500ms, 30s or 5m");
        }
        long number = Long.parseLong(matcher.group("number"));
        if (number == 0) {
            throw new TypeConversionException("a duration is more than 0, not " + text);
        }
        return switch (matcher.group("unit")) {
            case "ms" -> Duration.ofMillis(number);
            case "", "s" -> Duration.ofSeconds(number);
            case "m", "min" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> throw new TypeConversionException("'" + text + "' is not a duration such as 500ms, 30s or 5m");
        };
    }

    /** A number of bytes such as {@code 262144}, {@code 256K} or {@code 1M}. */
    static int bytes(String text) {
        Matcher matcher = AMOUNT.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is not a size such as 256K or 1M");
        }
        long number = Long.parseLong(matcher.group("number"));
        long bytes =
                switch (matcher.group("unit")) {
                    case "", "b" -> number;
                    case "k", "kb", "kib" -> number << 10;
                    case "m", "mb", "mib" -> number << 20;
                    default -> throw new TypeConversionException("'" + text + "' is not a size such as 256K or 1M");
                };
        if (bytes > Integer.MAX_VALUE) {
            throw new TypeConversionException(text + " is too large");
        }
        if (bytes == 0) {
            throw new TypeConversionException("a size is 1 or more, not " + text);
        }
        return (int) bytes;
    }

    /** A magnet link, or the name of a torrent file. */
    static Target target(String text) throws IOException {
        return isMagnet(text) ? Target.of(magnet(text)) : Target.of(torrent(Path.of(text)));
    }

    /** A magnet link of a torrent this program can download. */
    static MagnetLink magnet(String text) {
        if (!isMagnet(text)) {
            throw new SwarmException("this is not a magnet link: " + text);
        }
        return MagnetLink.parse(text);
    }

    /** A torrent file. */
    static Torrent torrent(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new SwarmException(file + " is a folder, not a torrent file");
        }
        return Torrent.read(file);
    }

    /** Whether it looks like a magnet link. */
    static boolean isMagnet(String text) {
        return text.strip().toLowerCase(Locale.ROOT).startsWith("magnet:");
    }
}
