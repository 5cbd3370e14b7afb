/* SPDX-License-Identifier: MIT */
package org.peerwire.extension;

/**
 * An extension of the protocol (BEP 10): a name and, optionally, keys of the extended handshake. Add it with
 * {@code LocalPeer.withExtension} and use it through {@code Wire.extension(name)}. One object may serve any number of
 * wires, so it must be thread-safe.
 */
public interface Extension {

    /**
     * Returns the name in the {@code m} dictionary: case-sensitive, by convention with a client's prefix
     * ({@code ut_pex}).
     */
    String name();

    /**
     * Adds keys to the extended handshake of this side. Called on the event loop when a wire opens with the extension
     * protocol, unless a private torrent forbids the extension. Must not block. The wire adds the name and its id. An
     * exception fails the opening of the wire.
     */
    default void advertise(ExtendedHandshake.Builder mine) {}

    /**
     * Returns the maximum length of a received message, in bytes after the id. Default 64 KiB, range 0 or more. A
     * longer message fails the wire with a {@code ProtocolException} at its sixth byte.
     * {@code WireLimits.maxMessageLength()} applies too.
     */
    default int maxMessageLength() {
        return 64 * 1024;
    }

    /** Returns true, the default, if the extension may be used in a private torrent (BEP 27). */
    default boolean allowedInPrivateTorrents() {
        return true;
    }

    /** Returns an extension with a name and no further keys. */
    static Extension named(String name) {
        return new Extension() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String toString() {
                return name;
            }
        };
    }
}
