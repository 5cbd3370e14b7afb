/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.time.Duration;
import java.util.StringJoiner;
import org.peerwire.metadata.MetadataException.Reason;

/** The counts of a fetch, which explain its failure. */
final class MetadataTally {
    int peers;
    int claims;
    int withoutMetadata;
    int tooLarge;
    int wrong;
    int silent;
    int attempts;

    /** Returns the reason that helps most, or {@code otherwise} if the peers behaved normally. */
    Reason reason(Reason otherwise) {
        if (attempts > 0) {
            return Reason.INVALID;
        }
        if (tooLarge > 0 && claims == 0) {
            return Reason.TOO_LARGE;
        }
        if (withoutMetadata > 0 && claims == 0) {
            return Reason.UNSUPPORTED;
        }
        return peers == 0 ? Reason.NO_PEERS : otherwise;
    }

    /** Returns the message of a failure: the reason, the counts, and the next step. */
    String explain(Reason reason, MetadataOptions options) {
        return switch (reason) {
            case NO_PEERS -> "no peer is left (" + this + "); try other peers";
            case UNSUPPORTED -> "no peer has the metadata (" + this + "); try later, or other peers";
            case TOO_LARGE ->
                "the size must be at most " + options.maxSize() + " bytes, the peers claim more (" + this
                        + "); raise the limit, or try other peers";
            case INVALID -> "the data of the peers does not match the info hash (" + this + "); try other peers";
            case TIMED_OUT ->
                "no progress for " + duration(options.idleTimeout()) + " (" + this + "); try later, or more peers";
            case FLOODED -> throw new IllegalArgumentException("reason must be that of a fetch, was " + reason);
        };
    }

    private static String duration(Duration duration) {
        return duration.toSeconds() > 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(", ", peers == 1 ? "of 1 peer " : "of " + peers + " peers ", "");
        text.setEmptyValue(peers == 0 ? "no peers" : peers == 1 ? "1 peer" : peers + " peers");
        add(text, withoutMetadata, "had no metadata");
        add(text, tooLarge, "claimed too much");
        add(text, wrong, "sent wrong data");
        add(text, silent, "did not send the claimed metadata");
        return attempts == 0 ? text.toString() : text + "; wrong results: " + attempts;
    }

    private static void add(StringJoiner text, int count, String behaviour) {
        if (count > 0) {
            text.add(count + " " + behaviour);
        }
    }
}
