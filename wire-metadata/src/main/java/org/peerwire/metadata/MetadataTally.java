/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import org.peerwire.metadata.MetadataException.Reason;

/** Counts what happened in a fetch, to tell why it failed. */
final class MetadataTally {
    int peers;
    int claims;
    int withoutMetadata;
    int tooLarge;
    int wrong;
    int silent;
    int attempts;

    /** The reason that helps most; {@code otherwise} if the peers did nothing out of the ordinary. */
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

    @Override
    public String toString() {
        return "of " + peers + " peers " + withoutMetadata + " had no metadata, " + tooLarge + " too much, " + wrong
                + " sent wrong data, " + silent + " did not send what they claimed; " + attempts
                + " times it was complete and wrong";
    }
}
