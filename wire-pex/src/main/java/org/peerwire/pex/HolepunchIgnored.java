/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

/** The anomalies in holepunch messages that are tolerated and counted: see {@link UtHolepunch#ignored()}. */
public enum HolepunchIgnored {
    /** A message that is too short, or has an unknown type or address family. It is ignored. */
    MALFORMED,
    /** A message with more bytes than either of its two forms. It is used. */
    TRAILING_BYTES,
    /** A message of a peer that has not listed the extension or has withdrawn it. It is ignored. */
    UNSUPPORTED,
    /**
     * A {@code connect} to an address that the {@link PexPolicy} refuses, or to our end of the wire. It is ignored.
     */
    REFUSED,
    /**
     * A {@code rendezvous} or {@code connect} above the rate: see {@link HolepunchRelay} and
     * {@link UtHolepunch#connects}. It is ignored and not answered.
     */
    TOO_OFTEN
}
