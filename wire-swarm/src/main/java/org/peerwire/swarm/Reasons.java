/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import reactor.core.Exceptions;

/** One-line texts of failures for people, as in the reasons of {@link SwarmEvent}. Thread-safe. */
public final class Reasons {
    /** The words of the native transport before the reason of the system. */
    private static final Pattern SYSTEM_CALL = Pattern.compile("\\w+\\(\\.\\.\\) failed(?: with error\\(-?\\d+\\))?: ");

    private Reasons() {}

    /** Returns the reason of a failure without line breaks. */
    public static String text(Throwable failure) {
        Throwable e = Exceptions.unwrap(failure);
        String message = e.getMessage();
        String text;
        if (e instanceof NoSuchFileException) {
            text = "no such file: " + message;
        } else if (e instanceof AccessDeniedException) {
            text = "access denied: " + message;
        } else if (e instanceof FileAlreadyExistsException) {
            text = "a file exists where a folder is needed: " + message;
        } else if (message == null || message.isBlank()) {
            text = words(e.getClass().getSimpleName());
        } else if (e instanceof UnknownHostException) {
            text = "unknown host: " + message;
        } else if (e instanceof SocketException || e instanceof SocketTimeoutException) {
            text = dial(message);
        } else {
            text = broken(message);
        }
        return text.replaceAll("\\s*\\R\\s*", " ").strip();
    }

    /** Returns the reason of a failed dial, without the address, which people have just read. */
    private static String dial(String message) {
        String known = message.toLowerCase(Locale.ROOT);
        if (known.contains("refused")) {
            return "connection refused";
        } else if (known.contains("timed out")) {
            return "connection timed out";
        } else if (known.contains("no route to host")) {
            return "no route to the host";
        } else if (known.contains("network is unreachable")) {
            return "the network is unreachable";
        }
        return broken(message);
    }

    /** Replaces the names of system calls and error numbers. */
    private static String broken(String message) {
        return SYSTEM_CALL
                .matcher(message)
                .replaceAll("")
                .replaceAll("(?i)connection reset(?! by the peer)( by peer)?", "connection reset by the peer")
                .replaceAll("(?i)broken pipe", "connection closed by the peer");
    }

    /** Returns the words of the name of a class, such as {@code closed channel}. */
    private static String words(String name) {
        return name.replaceFirst("(?<=.)Exception$", "")
                .replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT);
    }

    /** Returns a time as {@code 30 s}, or as {@code 400 ms} below one second. */
    public static String text(Duration time) {
        return time.toSeconds() > 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
