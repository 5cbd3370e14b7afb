/* SPDX-License-Identifier: MIT */
package org.peerwire.extension;

/**
 * Something two peers can speak over the extension protocol (BEP 10): a name and, if it likes, some keys of the extended
 * handshake. Given to a wire with {@code LocalPeer.withExtension}; spoken through {@code Wire.extension(name)}. One object
 * may serve any number of wires.
 */
public interface Extension {

    /** The name in the {@code m} dictionary: case-sensitive, by custom prefixed by a client's code ({@code ut_pex}). */
    String name();

    /**
     * Adds keys to the extended handshake we send. Called on the event loop when a wire opens. The name and its number
     * are added by the wire.
     */
    default void advertise(ExtendedHandshake.Builder mine) {}

    /**
     * The longest message of this extension that is accepted, in bytes behind the id, within what
     * {@code WireLimits.maxMessageLength()} allows for all. 64 KiB by default.
     */
    default int maxMessageLength() {
        return 64 * 1024;
    }

    /** Whether it may be used in a private torrent (BEP 27). True by default. */
    default boolean allowedInPrivateTorrents() {
        return true;
    }

    /** An extension that is only a name. */
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
