/* SPDX-License-Identifier: MIT */
package org.peerwire;

/** Odd things that are tolerated and counted; how many of each is {@link WireLimits#tolerance}. */
public enum Ignored {
    /** A keep-alive: nothing odd, but each wakes the user up. */
    KEEP_ALIVE,
    /** A message with an id that has no meaning. */
    UNKNOWN_MESSAGE,
    /** An extended message with a number we have not given, or have withdrawn. */
    UNKNOWN_EXTENSION,
    /** An extended message though not both sides have the bit (BEP 10): not shown. */
    EXTENDED_WITHOUT_BIT,
    /** An extended handshake that is not a dictionary or beyond the limits, or one too many. */
    EXTENDED_HANDSHAKE,
    /** A key of an extended handshake whose value makes no sense; the other keys hold. */
    HANDSHAKE_VALUE,
    /** A have for a piece the peer had announced before. */
    REPEATED_HAVE,
    /** A piece the peer no longer has (BEP 54); it need not have had it. */
    DONT_HAVE,
    /** A bitfield, have-all or have-none that is not the first message: it replaces what was said before. */
    LATE_BITFIELD,
    /** A bitfield with bits behind the last piece: they are left out. */
    SPARE_BITS,
    /** A block that came after its request was cancelled, timed out or choked. */
    LATE_BLOCK,
    /** A block that was not asked for, without Fast; under Fast it always closes the wire (BEP 6). */
    UNSOLICITED_BLOCK,
    /** A block without bytes, which some clients send for a reject. */
    EMPTY_BLOCK,
    /** A reject for a block that was not asked for. */
    UNKNOWN_REJECT,
    /** A cancel for a block that was not asked for. */
    UNKNOWN_CANCEL,
    /** A request while we choke the peer, later than two seconds after the choke. */
    CHOKED_REQUEST,
    /** A request over the queue we announced. */
    EXCESS_REQUEST,
    /** A request for a block that is queued already. */
    REPEATED_REQUEST,
    /** A request for a block that is not in the torrent, or too long. */
    INVALID_REQUEST,
    /** A hash request that no tree could answer (BEP 52): rejected. */
    INVALID_HASH_REQUEST,
    /** An allowed-fast or suggest for a piece that is not in the torrent, or over the number that is kept. */
    INVALID_ADVICE,
    /** A port message without the DHT feature, with port 0 or too soon after the last. */
    PORT
}
