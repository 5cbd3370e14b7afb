/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.StringJoiner;
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
        StringJoiner what = new StringJoiner(", ", peers == 1 ? "of 1 peer " : "of " + peers + " peers ", "");
        what.setEmptyValue(peers == 0 ? "no peers" : peers == 1 ? "1 peer" : peers + " peers");
        add(what, withoutMetadata, "had no metadata");
        add(what, tooLarge, "had too much");
        add(what, wrong, "sent wrong data");
        add(what, silent, "did not send what they claimed");
        return attempts == 0 ? what.toString() : what + "; complete and wrong: " + attempts;
    }

    private static void add(StringJoiner what, int count, String did) {
        if (count > 0) {
            what.add(count + " " + did);
        }
    }
}
