/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Locale;
import reactor.core.Exceptions;

/** Failures in one line for people. */
public final class Reasons {
    private Reasons() {}

    /** What went wrong, without line breaks. */
    public static String text(Throwable failure) {
        Throwable e = Exceptions.unwrap(failure);
        String message = e.getMessage();
        String text;
        if (e instanceof NoSuchFileException) {
            text = "no such file: " + message;
        } else if (e instanceof AccessDeniedException) {
            text = "not allowed: " + message;
        } else if (e instanceof FileAlreadyExistsException) {
            text = "a file is in the way: " + message;
        } else if (message == null || message.isBlank()) {
            text = e.getClass().getSimpleName();
        } else if (e instanceof ConnectException) {
            text = message.toLowerCase(Locale.ROOT).contains("refused") ? "connection refused" : message;
        } else {
            text = message;
        }
        return text.replaceAll("\\s*\\R\\s*", " ").strip();
    }

    /** A time: {@code 30 s}, or {@code 400 ms} when it is short. */
    public static String text(Duration time) {
        return time.toSeconds() > 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
