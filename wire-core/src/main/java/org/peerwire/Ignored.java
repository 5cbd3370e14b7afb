/* SPDX-License-Identifier: MIT */
package org.peerwire;

/**
 * The kinds of anomalies: messages of a peer that are tolerated and counted. {@link WireStats#ignored(Ignored)} has the
 * counts, {@link WireLimits#tolerance} the limits. {@link Wire#inbound()} emits such a message unless noted.
 */
public enum Ignored {
    /** A keep-alive. It is not an anomaly, but each one reaches every subscriber. */
    KEEP_ALIVE,
    /** A message with an unknown id. */
    UNKNOWN_MESSAGE,
    /** An extended message with an id that this side did not assign or has withdrawn. */
    UNKNOWN_EXTENSION,
    /** An extended message although one side lacks the bit of the extension protocol (BEP 10). Not emitted. */
    EXTENDED_WITHOUT_BIT,
    /** An extended handshake that is not a dictionary, exceeds a limit, or comes too soon or too often. Not applied. */
    EXTENDED_HANDSHAKE,
    /** A key of an extended handshake with an invalid value, each counted. The other keys are applied. */
    HANDSHAKE_VALUE,
    /** A have for a piece that the peer had announced before. Not emitted. */
    REPEATED_HAVE,
    /** A {@code lt_donthave} (BEP 54), also for a piece that the peer never announced. It is not an anomaly. */
    DONT_HAVE,
    /** A bitfield, have-all or have-none after the first message. It replaces the earlier pieces. */
    LATE_BITFIELD,
    /** A bitfield with bits after the last piece. The bits are removed before it is emitted. */
    SPARE_BITS,
    /** A choke within a second after an unchoke. It is applied. */
    RAPID_CHOKE,
    /** A block within a minute after its request was cancelled, timed out or choked. */
    LATE_BLOCK,
    /** A block that has arrived before. Only the last 1,024 blocks are known, each for a minute, and may come twice. */
    DUPLICATE_BLOCK,
    /** A block without a request, without Fast. Under Fast such a block always fails the wire (BEP 6). */
    UNSOLICITED_BLOCK,
    /** A block without bytes. Some clients send it as a reject, so its request fails with REJECTED. */
    EMPTY_BLOCK,
    /** A reject for a block that was not requested. */
    UNKNOWN_REJECT,
    /** A cancel for a block that is not queued. */
    UNKNOWN_CANCEL,
    /**
     * A request later than two seconds after this side's choke, or over {@link WireLimits#maxFastServes()}. Rejected
     * under Fast, else dropped.
     */
    CHOKED_REQUEST,
    /** A request over {@link WireLimits#maxQueuedUploads()}, the announced queue. Rejected under Fast, else dropped. */
    EXCESS_REQUEST,
    /** A request for a block that is queued already. Rejected under Fast, else dropped. */
    REPEATED_REQUEST,
    /** A request for a block outside the torrent, or a too long one. Rejected under Fast, else dropped. */
    INVALID_REQUEST,
    /** A hash request that no tree could answer (BEP 52). Rejected, not emitted. */
    INVALID_HASH_REQUEST,
    /** An allowed-fast or suggest for a piece outside the torrent, or over the limit. Not emitted. */
    INVALID_ADVICE,
    /**
     * A port without the DHT feature, in a private torrent, with value 0, or within a minute of the last. Not emitted.
     */
    PORT
}
