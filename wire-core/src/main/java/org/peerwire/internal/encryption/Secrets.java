/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import org.peerwire.InfoHash;

/** What follows from the number two sides have agreed on. */
final class Secrets {
    /** Bytes in the mark and in a hidden key. */
    static final int HASH_LENGTH = 20;

    private final byte[] shared;
    private final Sha1 sha1;

    Secrets(byte[] shared, Sha1 sha1) {
        this.shared = shared;
        this.sha1 = sha1;
    }

    /** What ends the initiator's first pad: HASH('req1', S). */
    byte[] mark() {
        return sha1.of("req1", shared);
    }

    /** How the initiator names its torrent: HASH('req2', SKEY) xor HASH('req3', S). */
    byte[] hiddenKey(InfoHash torrent) {
        return unhide(sha1.of("req2", torrent.bytes()));
    }

    /** Takes HASH('req3', S) away, or puts it on. */
    byte[] unhide(byte[] hidden) {
        byte[] result = sha1.of("req3", shared);
        for (int i = 0; i < HASH_LENGTH; i++) {
            result[i] ^= hidden[i];
        }
        return result;
    }

    /** What encrypts the initiator's bytes. */
    Rc4 initiatorKey(InfoHash torrent) {
        return new Rc4(sha1.of("keyA", shared, torrent.bytes()));
    }

    /** What encrypts the responder's bytes. */
    Rc4 responderKey(InfoHash torrent) {
        return new Rc4(sha1.of("keyB", shared, torrent.bytes()));
    }
}
