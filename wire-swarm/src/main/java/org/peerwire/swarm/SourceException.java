/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A failure of a {@link RangeSource}, with one line for people. */
public final class SourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The kinds of failures. */
    public enum Reason {
        /** The source does not have the file. It is not asked for the file again. */
        GONE,
        /** The source cannot serve any range. It is not asked again. */
        UNUSABLE,
        /** The source is busy. It is asked again after {@link SourceException#retryAfter()}. */
        BUSY,
        /** Any other failure. The source is asked again after a while. */
        FAILED
    }

    private final Reason reason;
    private final @Nullable Duration retryAfter;

    /** Creates a failure without a stack trace. */
    public SourceException(Reason reason, String message) {
        this(reason, message, null);
    }

    /**
     * Creates a failure without a stack trace.
     *
     * @param retryAfter the time after which the source wants to be asked again, or null. The swarm waits at least its
     *     own time and at most an hour
     */
    public SourceException(Reason reason, String message, @Nullable Duration retryAfter) {
        super(message, null, false, false);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    /** Returns the kind of the failure. */
    public Reason reason() {
        return reason;
    }

    /** Returns the time after which the source wants to be asked again, or null. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
