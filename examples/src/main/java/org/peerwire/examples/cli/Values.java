/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.peerwire.metadata.FileSelection;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Torrent;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parsers for the values of options and parameters. */
final class Values {
    private static final Pattern ADDRESS =
            Pattern.compile("(?:\\[(?<v6>[^\\]]+)\\]|(?<host>[^:\\[\\]]+)):(?<port>\\d{1,5})");
    private static final Pattern HASH = Pattern.compile("\\p{XDigit}{40}|[A-Za-z2-7]{32}|(?:1220)?\\p{XDigit}{64}");
    private static final Pattern RATIO = Pattern.compile("\\d{1,6}(?:\\.\\d{1,6})?");
    private static final Pattern FILES = Pattern.compile("\\d{1,9}(?:-\\d{1,9})?(?:,\\d{1,9}(?:-\\d{1,9})?)*");
    private static final Pattern AMOUNT = Pattern.compile("(?<number>\\d{1,9})\\s*(?<unit>[a-z]*)");

    /** The time for a torrent file on a web server, redirects included. */
    private static final Duration WEB_TIMEOUT = Duration.ofSeconds(30);

    private Values() {}

    /** A parser of a number of bytes. */
    static final class Size implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return bytes(text);
        }
    }

    /** A parser of a number of bytes per second. */
    static final class Rate implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            Long bytes = amount(text);
            if (bytes == null) {
                throw new TypeConversionException(
                        "a rate must be bytes per second such as 500k or 4M, was '" + text + "'");
            } else if (bytes < 1) {
                throw new TypeConversionException("a rate must be at least 1 byte per second, was " + text);
            }
            return bytes;
        }
    }

    /** A parser of a ratio. */
    static final class Ratio implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            double ratio = RATIO.matcher(text).matches() ? Double.parseDouble(text) : 0;
            if (ratio <= 0) {
                throw new TypeConversionException("a ratio must be above 0, such as 1.5, was '" + text + "'");
            }
            return ratio;
        }
    }

    /** A parser of the numbers of files. Unlike in a magnet link, a malformed part is refused. */
    static final class FileNumbers implements ITypeConverter<FileSelection> {
        @Override
        public FileSelection convert(String text) {
            String numbers = text.replace(" ", "");
            FileSelection files = FileSelection.parse(numbers);
            boolean isRight = FILES.matcher(numbers).matches()
                    && Arrays.stream(numbers.split(","))
                            .noneMatch(part -> FileSelection.parse(part).isAll());
            if (!isRight) {
                throw new TypeConversionException("files must be numbers such as 0,2,4-6, was '" + text + "'");
            }
            return files;
        }
    }

    /** A parser of a port. */
    static final class Port implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return number(text, 0, 65_535, "a port");
        }
    }

    /** A parser of a maximum. */
    static final class Limit implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return number(text, 1, 10_000, "a maximum");
        }
    }

    /** A parser of a host, which it resolves. */
    static final class Host implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            InetSocketAddress address = new InetSocketAddress(text, 0);
            if (text.isBlank() || address.isUnresolved()) {
                throw unknownHost(text);
            }
            return address.getAddress().getHostAddress();
        }
    }

    private static int number(String text, int first, int last, String name) {
        int number = text.matches("\\d{1,6}") ? Integer.parseInt(text) : -1;
        if (number < first || number > last) {
            throw new TypeConversionException(name + " must be " + first + " to " + last + ", was " + text);
        }
        return number;
    }

    /** Parses {@code host:port} and resolves the host. */
    static InetSocketAddress address(String text) {
        Matcher matcher = ADDRESS.matcher(text);
        int port = matcher.matches() ? Integer.parseInt(matcher.group("port")) : 0;
        if (port < 1 || port > 65_535) {
            throw new TypeConversionException(
                    "an address must be HOST:PORT with a port of 1 to 65535, was '" + text + "'");
        }
        String host = matcher.group("v6") != null ? matcher.group("v6") : matcher.group("host");
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw unknownHost(host);
        }
        return address;
    }

    private static TypeConversionException unknownHost(String host) {
        return new TypeConversionException("unknown host '" + host + "'");
    }

    /** Parses a duration such as {@code 500ms}, {@code 30s} (or {@code 30}), {@code 5m}, {@code 1h}. */
    static Duration duration(String text) {
        Matcher matcher = AMOUNT.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw notADuration(text);
        }
        long number = Long.parseLong(matcher.group("number"));
        if (number == 0) {
            throw new TypeConversionException("a duration must be more than 0, was " + text);
        }
        return switch (matcher.group("unit")) {
            case "ms" -> Duration.ofMillis(number);
            case "", "s" -> Duration.ofSeconds(number);
            case "m", "min" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> throw notADuration(text);
        };
    }

    private static TypeConversionException notADuration(String text) {
        return new TypeConversionException("a duration must be such as 500ms, 30s, 5m or 1h, was '" + text + "'");
    }

    /** Parses a number of bytes such as {@code 262144}, {@code 256K} or {@code 1M}. */
    static int bytes(String text) {
        Long bytes = amount(text);
        if (bytes == null) {
            throw notASize(text);
        } else if (bytes < 1 || bytes > Integer.MAX_VALUE) {
            throw new TypeConversionException("a size must be 1 to " + Integer.MAX_VALUE + " bytes, was " + text);
        }
        return bytes.intValue();
    }

    /** Returns a number with a unit, or null if it is malformed. */
    private static @Nullable Long amount(String text) {
        Matcher matcher = AMOUNT.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return null;
        }
        long number = Long.parseLong(matcher.group("number"));
        return switch (matcher.group("unit")) {
            case "", "b" -> number;
            case "k", "kb", "kib" -> number << 10;
            case "m", "mb", "mib" -> number << 20;
            default -> null;
        };
    }

    private static TypeConversionException notASize(String text) {
        return new TypeConversionException("a size must be such as 262144, 256K or 1M, was '" + text + "'");
    }

    /** Parses a magnet link, or reads a torrent file. */
    static Target target(String text) throws IOException {
        return isMagnet(text) ? Target.of(magnet(text)) : Target.of(torrent(text));
    }

    /** Reads a torrent file, from a web server if the text is a URL. */
    static Torrent torrent(String text) throws IOException {
        return WebTorrents.isUrl(text) ? new WebTorrents(WEB_TIMEOUT).read(text) : torrent(Path.of(text));
    }

    /** Parses a magnet link. */
    static MagnetLink magnet(String text) {
        if (!isMagnet(text)) {
            throw new Failure("MAGNET must be a magnet link (magnet:?xt=...) or an info hash, was " + text);
        }
        return MagnetLink.parse(text);
    }

    private static Torrent torrent(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new Failure("the torrent must be a file, was the folder " + file);
        }
        return Torrent.read(file);
    }

    /** Returns whether a text looks like a magnet link, or is an info hash and not the name of a file. */
    static boolean isMagnet(String text) {
        String link = text.strip();
        return link.toLowerCase(Locale.ROOT).startsWith("magnet:")
                || (HASH.matcher(link).matches() && !Files.exists(Path.of(link)));
    }
}
