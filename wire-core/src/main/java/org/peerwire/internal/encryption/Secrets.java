/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import org.peerwire.InfoHash;

/** The values that both sides derive from the shared secret. */
final class Secrets {
    /** Bytes of a mark and of a hidden key. */
    static final int HASH_LENGTH = 20;

    private final byte[] shared;
    private final Sha1 sha1;

    Secrets(byte[] shared, Sha1 sha1) {
        this.shared = shared;
        this.sha1 = sha1;
    }

    /** Returns the mark at the end of the initiator's first pad: HASH('req1', S). */
    byte[] mark() {
        return sha1.of("req1", shared);
    }

    /** Returns the hidden name of the torrent: HASH('req2', SKEY) xor HASH('req3', S). */
    byte[] hiddenKey(InfoHash torrent) {
        return unhide(sha1.of("req2", torrent.bytes()));
    }

    /** Adds or removes HASH('req3', S). */
    byte[] unhide(byte[] hidden) {
        byte[] result = sha1.of("req3", shared);
        for (int i = 0; i < HASH_LENGTH; i++) {
            result[i] ^= hidden[i];
        }
        return result;
    }

    /** Returns the cipher for the bytes of the initiator. */
    Rc4 initiatorKey(InfoHash torrent) {
        return new Rc4(sha1.of("keyA", shared, torrent.bytes()));
    }

    /** Returns the cipher for the bytes of the responder. */
    Rc4 responderKey(InfoHash torrent) {
        return new Rc4(sha1.of("keyB", shared, torrent.bytes()));
    }
}
