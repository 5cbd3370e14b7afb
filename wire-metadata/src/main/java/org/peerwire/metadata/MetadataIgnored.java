/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

/** Things in a metadata exchange that are tolerated and counted: see {@link UtMetadata#ignored()}. */
public enum MetadataIgnored {
    /** A message that is no dictionary with a type and a piece. It is ignored. */
    MALFORMED,
    /** A message whose bencode is not canonical: keys out of order or twice, leading zeros. It is read. */
    NOT_CANONICAL,
    /** Bytes behind the dictionary of a request or a reject, which is read. */
    TRAILING_BYTES,
    /** A message of a type that BEP 9 does not have. It is ignored. */
    UNKNOWN_TYPE,
    /** Data or a reject that nobody has asked for, or not so often. It is ignored. */
    UNREQUESTED,
    /** Data that cannot be right by its length or total size. It is refused, and the piece is asked for again. */
    WRONG_PIECE,
    /** Data that tells the length of the piece as the size of the whole, as old i2psnark does. It is used. */
    WRONG_TOTAL_SIZE,
    /** Metadata that was complete and is not what the info hash stands for. */
    WRONG_METADATA,
    /** A size over {@link MetadataOptions#maxSize()}. The peer is not asked. */
    TOO_LARGE,
    /** One size too many that a peer has claimed in turn. It is not asked any more. */
    CHANGED_SIZE,
    /** A request for what is not there: no such piece, no metadata yet, or a private torrent. It is rejected. */
    NOT_SERVED,
    /** A request beyond those a peer is served within an hour. It is rejected. */
    EXCESS_REQUEST
}
