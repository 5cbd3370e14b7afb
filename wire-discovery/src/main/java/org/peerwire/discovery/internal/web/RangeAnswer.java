/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.web;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.peerwire.swarm.RangeSource;
import org.peerwire.swarm.SourceException;
import org.peerwire.swarm.SourceException.Reason;

/**
 * The part of the body of an HTTP answer that is the range.
 *
 * @param skipped the number of bytes before it
 * @param isCut true if bytes may follow that are not wanted
 */
record RangeAnswer(long skipped, boolean isCut) {
    /** The bytes that are read for nothing from a server without ranges. */
    static final long MAX_SKIPPED = 1024 * 1024;

    private static final int MAX_DIGITS = 18;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");
    private static final Pattern NUMBER = Pattern.compile("\\d{1," + MAX_DIGITS + "}");

    /**
     * Returns the part of the body that is the range.
     *
     * @throws SourceException if the answer does not have the range
     */
    static RangeAnswer of(int status, HttpHeaders headers, RangeSource.Range range) {
        if (status != 200 && status != 206) {
            throw failure(status, headers);
        }
        String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new SourceException(Reason.UNUSABLE, "the server encodes the data as " + printable(encoding));
        }
        return status == 206 ? partial(headers, range) : whole(headers, range);
    }

    private static RangeAnswer partial(HttpHeaders headers, RangeSource.Range range) {
        String value = headers.get(HttpHeaderNames.CONTENT_RANGE);
        Matcher found = CONTENT_RANGE.matcher(value == null ? "" : value.strip());
        if (!found.matches()) {
            throw new SourceException(
                    Reason.UNUSABLE, "the server sent a partial answer without one range, was " + printable(value));
        }
        if (!found.group(3).equals("*")) {
            checkLength(Long.parseLong(found.group(3)), range);
        }
        long first = Long.parseLong(found.group(1));
        long last = Long.parseLong(found.group(2));
        if (first != range.offset() || last != range.offset() + range.length() - 1) {
            throw new SourceException(
                    Reason.FAILED,
                    "the server sent bytes " + first + " to " + last + " instead of " + range.offset() + " to "
                            + (range.offset() + range.length() - 1));
        }
        return new RangeAnswer(0, false);
    }

    private static RangeAnswer whole(HttpHeaders headers, RangeSource.Range range) {
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        if (length != null && NUMBER.matcher(length).matches()) {
            checkLength(Long.parseLong(length), range);
        }
        if (range.offset() > MAX_SKIPPED) {
            throw new SourceException(
                    Reason.GONE,
                    "the server does not serve ranges, and would send " + range.offset() + " bytes for nothing");
        }
        return new RangeAnswer(
                range.offset(), range.offset() + range.length() < range.file().length());
    }

    private static void checkLength(long length, RangeSource.Range range) {
        if (length != range.file().length()) {
            throw new SourceException(
                    Reason.GONE,
                    "the file on the server has " + length + " bytes instead of "
                            + range.file().length());
        }
    }

    private static SourceException failure(int status, HttpHeaders headers) {
        String what = "the server answered with status " + status;
        return switch (status) {
            case 404, 410 -> new SourceException(Reason.GONE, what + ": it does not have the file");
            case 416 -> new SourceException(Reason.GONE, what + ": its file is too short");
            case 429, 503 -> new SourceException(Reason.BUSY, what + ": it is busy", retryAfter(headers));
            default -> new SourceException(Reason.FAILED, what);
        };
    }

    /** Returns the time of a Retry-After header in seconds, or as a date compared with the date of the answer. */
    static @Nullable Duration retryAfter(HttpHeaders headers) {
        String value = headers.get(HttpHeaderNames.RETRY_AFTER);
        if (value == null) {
            return null;
        }
        if (NUMBER.matcher(value).matches()) {
            return Duration.ofSeconds(
                    Math.min(Long.parseLong(value), Duration.ofDays(1).toSeconds()));
        }
        Instant until = date(value);
        Instant now = date(headers.get(HttpHeaderNames.DATE));
        if (until == null || now == null || until.isBefore(now)) {
            return null;
        }
        return Duration.between(now, until);
    }

    private static @Nullable Instant date(@Nullable String value) {
        try {
            return value == null ? null : Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value));
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Returns the start of a text of the server, in letters that a terminal can show. */
    private static String printable(@Nullable String text) {
        if (text == null) {
            return "none";
        }
        String start = text.length() > 64 ? text.substring(0, 64) + "…" : text;
        return '"' + start.replaceAll("[^\\x20-\\x7e…]", "?") + '"';
    }
}
