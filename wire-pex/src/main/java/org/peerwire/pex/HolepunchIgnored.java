/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

/** Things in holepunch messages that are tolerated and counted: see {@link UtHolepunch#ignored()}. */
public enum HolepunchIgnored {
    /** A message that is too short, or of an unknown type or address family. It is ignored. */
    MALFORMED,
    /** A message with bytes behind either of its two forms. It is used. */
    TRAILING_BYTES,
    /** A message from a peer that has not listed the extension, or has withdrawn it. It is ignored. */
    UNSUPPORTED,
    /** A {@code connect} to an address the {@link PexPolicy} does not accept, or to our own end of the wire. */
    REFUSED,
    /**
     * A {@code rendezvous} or {@code connect} over the rate: see {@link HolepunchRelay} and
     * {@link UtHolepunch#connects}. It is ignored and not answered.
     */
    TOO_OFTEN
}
