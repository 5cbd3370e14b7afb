/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import org.peerwire.EncryptionKeys;
import org.peerwire.EncryptionPolicy;
import org.peerwire.WireOptions;
import org.peerwire.internal.encryption.KeyExchanges;

/**
 * What all connections of a client or server have in common. Immutable.
 *
 * @param policy whether and how
 * @param keys the torrents of a server
 * @param exchanges where the key exchanges are computed
 */
public record EncryptionSetup(EncryptionPolicy policy, EncryptionKeys keys, KeyExchanges exchanges) {

    /** A setup without torrents. */
    public static EncryptionSetup of(EncryptionPolicy policy, WireOptions options) {
        return new EncryptionSetup(policy, EncryptionKeys.of(), exchanges(options));
    }

    private static KeyExchanges exchanges(WireOptions options) {
        return new KeyExchanges(
                options.encryptionScheduler(), options.keyExchangesAtOnce(), options.keyExchangesWaiting());
    }

    /** With another policy and other torrents. */
    public EncryptionSetup with(EncryptionPolicy policy, EncryptionKeys keys) {
        return new EncryptionSetup(policy, keys, exchanges);
    }

    /** With the limits of these options. */
    public EncryptionSetup with(WireOptions options) {
        return new EncryptionSetup(policy, keys, exchanges(options));
    }
}
