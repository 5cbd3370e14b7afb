/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

/** The anomalies in peer exchange messages that are tolerated and counted: see {@link UtPex#ignored()}. */
public enum PexIgnored {
    /** A message that is not a bencoded dictionary, or is too long. It is ignored. */
    MALFORMED,
    /** A message with keys out of order, duplicate keys or leading zeros. It is used. */
    NOT_CANONICAL,
    /** A message with bytes after the dictionary. It is used. */
    TRAILING_BYTES,
    /** A list that is not a string of 6 or 18 bytes per peer. Its whole entries are used, its last bytes ignored. */
    LIST_LENGTH,
    /** A list with fewer or more flags than peers. Missing flags count as zero; further ones are ignored. */
    FLAGS,
    /** A message above the rate of {@link PexLimits#receiveInterval()}. It is ignored. */
    TOO_OFTEN,
    /**
     * A message after the first that adds or drops more than the 50 peers that BEP 11 allows. It is used up to
     * {@link PexLimits#laterUsed()}.
     */
    LONG,
    /**
     * An added peer above {@link PexLimits#firstUsed()}, {@link PexLimits#laterUsed()} or
     * {@link PexLimits#remembered()}.
     */
    TOO_MANY,
    /** An added peer above {@link PexLimits#maxUnproven()} in one message. */
    UNPROVEN,
    /** An added peer that the {@link PexPolicy} refuses, or our own address. */
    REFUSED,
    /** An added peer above {@link PexLimits#maxPerAddress()} or {@link PexLimits#maxPerNetwork()}. */
    CROWDED,
    /** An added peer that the same sender has already added. */
    REPEATED,
    /** A peer that one message adds and drops. Both are ignored. */
    CONTRADICTORY,
    /** A dropped peer that this sender has not added. */
    UNKNOWN_DROP
}
