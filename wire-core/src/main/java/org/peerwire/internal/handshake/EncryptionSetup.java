/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.handshake;

import org.peerwire.EncryptionKeys;
import org.peerwire.EncryptionPolicy;
import org.peerwire.WireOptions;
import org.peerwire.internal.encryption.KeyExchanges;

/**
 * The encryption of all connections of a client or server. Immutable.
 *
 * @param policy the methods that are offered and accepted
 * @param keys the torrents of a server
 * @param exchanges computes the key exchanges, within limits
 */
public record EncryptionSetup(EncryptionPolicy policy, EncryptionKeys keys, KeyExchanges exchanges) {

    /** Returns a setup without torrents. */
    public static EncryptionSetup of(EncryptionPolicy policy, WireOptions options) {
        return new EncryptionSetup(policy, EncryptionKeys.of(), exchanges(options));
    }

    private static KeyExchanges exchanges(WireOptions options) {
        return new KeyExchanges(
                options.encryptionScheduler(),
                options.keyExchangeLimits().atOnce(),
                options.keyExchangeLimits().waiting());
    }

    /** Returns a setup with another policy and other torrents. */
    public EncryptionSetup with(EncryptionPolicy policy, EncryptionKeys keys) {
        return new EncryptionSetup(policy, keys, exchanges);
    }

    /** Returns a setup with the limits of these options. */
    public EncryptionSetup with(WireOptions options) {
        return new EncryptionSetup(policy, keys, exchanges(options));
    }
}
