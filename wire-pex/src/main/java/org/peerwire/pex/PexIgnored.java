/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

/** Things in peer exchange messages that are tolerated and counted: see {@link UtPex#ignored()}. */
public enum PexIgnored {
    /** A message that is no bencoded dictionary, or is too long. It is ignored. */
    MALFORMED,
    /** A message whose bencode is not canonical: keys out of order or twice, leading zeros. It is used. */
    NOT_CANONICAL,
    /** Bytes behind the dictionary of a message, which is used. */
    TRAILING_BYTES,
    /** A list that is not a string of 6 or 18 bytes per peer. The list is ignored. */
    LIST_LENGTH,
    /** Flags missing, or too few or too many. Missing ones count as none, further ones are ignored. */
    FLAGS,
    /** A message too soon after the others. It is ignored. */
    TOO_OFTEN,
    /**
     * A message after the first that adds more than the 50 peers BEP 11 allows, or drops more. It is used as far as
     * {@link PexLimits#laterUsed()} says.
     */
    LONG,
    /** An added peer beyond those used of one message. */
    TOO_MANY,
    /** An added peer beyond the {@linkplain PexLimits#maxUnproven() unproven} ones taken of one message. */
    UNPROVEN,
    /** An added peer that the {@link PexPolicy} does not accept, or our own end of the wire. */
    REFUSED,
    /** An added peer in the network of others in the same message. */
    CROWDED,
    /** An added peer that the same sender has added before. */
    REPEATED,
    /** A peer added and dropped in one message; neither counts. */
    CONTRADICTORY,
    /** A dropped peer that this sender had not added. */
    UNKNOWN_DROP
}
