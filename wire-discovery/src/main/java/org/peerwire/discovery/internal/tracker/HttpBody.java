/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.peerwire.discovery.TrackerException;
import org.peerwire.discovery.TrackerException.Reason;

/** The body of a response, at most 1 MiB as received and at most 1 MiB uncompressed. */
final class HttpBody {
    static final int MAX_LENGTH = 1024 * 1024;

    /** The number of digits of the maximum length. */
    static final int MAX_DIGITS = 7;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Adds received bytes. */
    void add(byte[] part) {
        if (part.length > MAX_LENGTH - bytes.size()) {
            throw tooLarge();
        }
        bytes.writeBytes(part);
    }

    /** Returns the body, uncompressed if it begins as gzip does, which no answer of a tracker does. */
    byte[] content() {
        byte[] received = bytes.toByteArray();
        boolean isCompressed = received.length > 1 && received[0] == 0x1f && received[1] == (byte) 0x8b;
        return isCompressed ? uncompressed(received) : received;
    }

    private static byte[] uncompressed(byte[] gzip) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            byte[] content = in.readNBytes(MAX_LENGTH + 1);
            if (content.length > MAX_LENGTH) {
                throw tooLarge();
            }
            return content;
        } catch (IOException e) {
            throw new TrackerException(Reason.MALFORMED, "the compressed answer cannot be read", e);
        }
    }

    static TrackerException tooLarge() {
        return new TrackerException(Reason.TOO_LARGE, "the answer is longer than " + MAX_LENGTH + " bytes");
    }
}
