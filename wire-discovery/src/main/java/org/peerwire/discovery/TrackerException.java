/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A failure of a request to a tracker, with one line for people. */
public final class TrackerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The value of {@link #retryIn()} of a tracker that must not be asked again. */
    public static final Duration NEVER = Duration.ofSeconds(Long.MAX_VALUE);

    /** The kinds of failures. */
    public enum Reason {
        /** The tracker has answered with a failure reason, which is the message. */
        REFUSED,
        /** The HTTP status is not 2xx, and the body has no failure reason. */
        HTTP_STATUS,
        /** No answer within the times of {@link TrackerOptions}. */
        TIMEOUT,
        /** The answer is not what the protocol says. */
        MALFORMED,
        /** The answer is longer than 1 MiB, as received or uncompressed. */
        TOO_LARGE,
        /** More than five redirects, or one to another protocol. */
        REDIRECTS,
        /** The name or a redirect leads into the local network: see {@link TrackerOptions#allowLocal()}. */
        LOCAL_ADDRESS,
        /** The URL has another scheme, no host, or no scrape address (BEP 48). */
        UNSUPPORTED,
        /** The connection has failed. */
        CONNECTION,
        /** The name has no address. */
        UNKNOWN_HOST
    }

    private final Reason reason;
    private final @Nullable Duration retryIn;

    /** Creates a failure without a stack trace. */
    public TrackerException(Reason reason, String message) {
        this(reason, message, null, null);
    }

    /** Creates a failure without a stack trace of its own. */
    public TrackerException(Reason reason, String message, @Nullable Throwable cause) {
        this(reason, message, cause, null);
    }

    /** Creates a refusal, with the time after which the tracker may be asked again, or null if it did not say it. */
    public TrackerException(Reason reason, String message, @Nullable Throwable cause, @Nullable Duration retryIn) {
        super(message, cause, false, false);
        this.reason = reason;
        this.retryIn = retryIn;
    }

    /** Returns the kind of the failure. */
    public Reason reason() {
        return reason;
    }

    /**
     * Returns the time after which the tracker wants to be asked again (BEP 31), 1 minute to 24 hours, or
     * {@link #NEVER}; or empty if it did not say it.
     */
    public Optional<Duration> retryIn() {
        return Optional.ofNullable(retryIn);
    }
}
