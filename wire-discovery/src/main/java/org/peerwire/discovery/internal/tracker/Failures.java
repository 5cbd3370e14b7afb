/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import io.netty.channel.ConnectTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import org.peerwire.discovery.TrackerException;
import org.peerwire.discovery.TrackerException.Reason;
import org.peerwire.discovery.internal.net.LocalAddressException;
import org.peerwire.discovery.internal.net.NoAddressException;
import reactor.core.Exceptions;

/** Turns the failures of clients into those of trackers. */
final class Failures {

    private Failures() {}

    /** Returns a {@link TrackerException}, or {@link NoAddressException} as it is. */
    static Throwable of(Throwable thrown) {
        Throwable error = Exceptions.unwrap(thrown);
        if (error instanceof TrackerException || error instanceof NoAddressException) {
            return error;
        }
        if (error instanceof LocalAddressException local) {
            return local(local, false);
        }
        if (error instanceof UnknownHostException) {
            return new TrackerException(Reason.UNKNOWN_HOST, "unknown host: " + text(error), error);
        }
        if (error instanceof TimeoutException || error instanceof ConnectTimeoutException) {
            return timeout(error);
        }
        return new TrackerException(Reason.CONNECTION, "the connection failed: " + text(error), error);
    }

    /** Returns the failure of a local address, which nothing allows if it is never reached. */
    static TrackerException local(LocalAddressException error, boolean isNever) {
        String rule = isNever
                ? ", where a redirect, or a URL with a query, of a torrent file or magnet link never leads; use"
                        + " Trackers.of(List) for trackers that you trust"
                : ", where a tracker is only asked if TrackerOptions.allowLocal is set";
        return new TrackerException(Reason.LOCAL_ADDRESS, error.getMessage() + rule, error);
    }

    static TrackerException timeout(Throwable error) {
        return new TrackerException(Reason.TIMEOUT, "the tracker did not answer in time", error);
    }

    private static String text(Throwable error) {
        String message = error.getMessage();
        return TrackerText.of(message == null ? error.getClass().getSimpleName() : message);
    }
}
