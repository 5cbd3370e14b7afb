/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

/** The anomalies that a metadata exchange tolerates and counts: see {@link UtMetadata#ignored()}. */
public enum MetadataIgnored {
    /** A message that is not a dictionary with a type and a piece. It is discarded. */
    MALFORMED,
    /** A message in non-canonical bencode: keys out of order or repeated, leading zeros. It is read. */
    NOT_CANONICAL,
    /** Bytes after the dictionary of a request or a reject, which is read. */
    TRAILING_BYTES,
    /** A message of a type that BEP 9 does not define. It is discarded. */
    UNKNOWN_TYPE,
    /** Data or a reject without an unanswered request. It is discarded. */
    UNREQUESTED,
    /** Data of an impossible length or total size. It is discarded, and the piece is requested again. */
    WRONG_PIECE,
    /** Data with the length of the piece as the total size, as sent by old i2psnark. It is used. */
    WRONG_TOTAL_SIZE,
    /** Complete metadata that does not match the info hash. */
    WRONG_METADATA,
    /** A claimed size above {@link MetadataOptions#maxSize()}. The peer receives no requests. */
    TOO_LARGE,
    /** A claimed size after eight earlier ones of the same peer. The peer receives no more requests. */
    CHANGED_SIZE,
    /**
     * A request for a piece that does not exist, before the metadata is known, or in a private torrent. It is rejected.
     */
    NOT_SERVED,
    /** A request above the limit for one peer in an hour. It is rejected. */
    EXCESS_REQUEST
}
