/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import io.netty.channel.ConnectTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.concurrent.TimeoutException;
import org.peerwire.discovery.TrackerException;
import org.peerwire.discovery.TrackerException.Reason;
import org.peerwire.discovery.internal.net.LocalAddressException;
import org.peerwire.discovery.internal.net.NoAddressException;
import reactor.core.Exceptions;

/** Turns the failures of clients into those of trackers. */
final class Failures {
    private static final int MAX_CAUSES = 16;

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
        return new TrackerException(Reason.CONNECTION, connection(error), error);
    }

    /** Returns the text of a failed connection. The last cause of a refused certificate is the plain one. */
    private static String connection(Throwable error) {
        boolean isCertificate = false;
        Throwable last = error;
        for (int i = 0; i < MAX_CAUSES; i++) {
            isCertificate |= last instanceof CertificateException;
            Throwable cause = last.getCause();
            if (cause == null) {
                break;
            }
            last = cause;
        }
        if (!isCertificate) {
            return "the connection failed: " + text(error);
        }
        return last instanceof CertPathBuilderException
                ? "the certificate of the tracker is not trusted: " + text(last)
                        + "; if it is yours, trust it with TrackerOptions.httpClient"
                : "the certificate of the tracker is refused: " + text(last);
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
