/* SPDX-License-Identifier: MIT */
package org.peerwire.message;

/** A capability that a peer announces with a reserved bit of its handshake (BEP 4). */
public enum Feature {
    /** Azureus messaging: byte 0, 0x80. */
    AZUREUS_MESSAGING(63),
    /** Location-aware protocol: byte 2, 0x08. */
    LOCATION_AWARE(43),
    /** The extension protocol (BEP 10): byte 5, 0x10. */
    EXTENSION_PROTOCOL(20),
    /** The upgrade of a hybrid torrent to version 2 (BEP 52): byte 7, 0x10. */
    V2_UPGRADE(4),
    /** NAT traversal: byte 7, 0x08. */
    NAT_TRAVERSAL(3),
    /** The Fast extension (BEP 6): byte 7, 0x04. */
    FAST(2),
    /** XBT peer exchange: byte 7, 0x02. */
    XBT_PEER_EXCHANGE(1),
    /** A DHT node (BEP 5): byte 7, 0x01. */
    DHT(0);

    private final int bit;

    Feature(int bit) {
        this.bit = bit;
    }

    /** Returns the index of the bit in the eight reserved bytes as one big-endian number, 0 to 63. */
    public int bit() {
        return bit;
    }
}
