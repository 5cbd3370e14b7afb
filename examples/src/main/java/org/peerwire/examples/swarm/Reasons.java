/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Locale;
import reactor.core.Exceptions;

/** One-line texts of failures for people. */
public final class Reasons {
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
            text = e.getClass().getSimpleName();
        } else if (e instanceof ConnectException) {
            text = message.toLowerCase(Locale.ROOT).contains("refused") ? "connection refused" : message;
        } else {
            text = message;
        }
        return text.replaceAll("\\s*\\R\\s*", " ").strip();
    }

    /** Returns a time as {@code 30 s}, or as {@code 400 ms} below one second. */
    public static String text(Duration time) {
        return time.toSeconds() > 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
