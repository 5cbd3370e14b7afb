/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.discovery.Scrape;
import org.peerwire.discovery.TrackerException;
import org.peerwire.discovery.TrackerException.Reason;

/**
 * A packet of a UDP tracker (BEP 15), after its header was read.
 *
 * @param action the kind of the packet
 * @param transaction the number of the request
 * @param body the bytes after the header, a copy
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record UdpReply(int action, int transaction, byte[] body) {
    private static final int HEADER = 8;

    /** Reads a packet, or returns null if it is shorter than a header. Does not release it. */
    static @Nullable UdpReply read(ByteBuf packet) {
        return packet.readableBytes() < HEADER
                ? null
                : new UdpReply(packet.readInt(), packet.readInt(), ByteBufUtil.getBytes(packet));
    }

    /**
     * Returns the connection id.
     *
     * @throws TrackerException MALFORMED
     */
    long connection() {
        require(8, "a connection id");
        long id = 0;
        for (int i = 0; i < 8; i++) {
            id = (id << 8) | (body[i] & 0xff);
        }
        return id;
    }

    /**
     * Returns the answer to an announce.
     *
     * @param addressLength 4 or 16, by the socket that the packet came through
     * @throws TrackerException MALFORMED, or REFUSED for an answer without content
     */
    TrackerAnswer announce(int addressLength, boolean allowLocal) {
        if (body.length == 0) { // opentracker sends this for a torrent that is not on its list
            throw new TrackerException(Reason.REFUSED, "refused by the tracker: it does not serve this torrent");
        }
        require(12, "an announce answer");
        TrackerPeers peers = new TrackerPeers(allowLocal);
        byte[] compact = new byte[body.length - 12];
        System.arraycopy(body, 12, compact, 0, compact.length);
        peers.addCompact(compact, addressLength);
        long interval = number(0);
        return new TrackerAnswer(
                interval <= Integer.MAX_VALUE ? OptionalLong.of(interval) : OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.of(number(8)),
                OptionalLong.of(number(4)),
                peers.list(),
                null,
                null,
                null);
    }

    /**
     * Returns the answer to a scrape. A short packet answers the first torrents only.
     *
     * @throws TrackerException MALFORMED if it answers none
     */
    List<Scrape> scrape(List<InfoHash> asked) {
        require(12, "a scrape answer");
        List<Scrape> found = new ArrayList<>();
        for (int i = 0; i < asked.size() && body.length - 12 * i >= 12; i++) {
            found.add(new Scrape(asked.get(i), number(12 * i), number(12 * i + 4), number(12 * i + 8)));
        }
        return found;
    }

    /** Returns the failure that an error packet tells. */
    TrackerException failure() {
        String text = TrackerText.of(body);
        return new TrackerException(Reason.REFUSED, "refused by the tracker: " + (text.isEmpty() ? "no reason" : text));
    }

    private long number(int at) {
        return Integer.toUnsignedLong(ByteBuffer.wrap(body).getInt(at));
    }

    private void require(int length, String what) {
        if (body.length < length) {
            throw new TrackerException(
                    Reason.MALFORMED,
                    what + " must have " + (HEADER + length) + " bytes or more, has " + (HEADER + body.length));
        }
    }
}
