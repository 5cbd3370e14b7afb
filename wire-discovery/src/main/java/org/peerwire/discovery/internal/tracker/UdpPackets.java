/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.URI;
import java.util.List;
import org.peerwire.InfoHash;

/** The packets that are sent to UDP trackers (BEP 15), each in a buffer on the heap that the caller owns. */
final class UdpPackets {
    static final int CONNECT = 0;
    static final int ANNOUNCE = 1;
    static final int SCRAPE = 2;
    static final int ERROR = 3;

    /** The maximum number of torrents in a scrape. */
    static final int MAX_SCRAPED = 74;

    private static final long PROTOCOL = 0x41727101980L;
    private static final int URL_DATA = 2;
    private static final int MAX_OPTION = 255;

    /** The longest path and query that is sent: a packet must not be fragmented. */
    private static final int MAX_URL = 1_024;

    private UdpPackets() {}

    static ByteBuf connect(int transaction) {
        return Unpooled.buffer(16).writeLong(PROTOCOL).writeInt(CONNECT).writeInt(transaction);
    }

    static ByteBuf announce(long connection, int transaction, TrackerRequest request, URI tracker) {
        ByteBuf out =
                Unpooled.buffer(128).writeLong(connection).writeInt(ANNOUNCE).writeInt(transaction);
        request.infoHash().writeTo(out);
        request.peerId().writeTo(out);
        out.writeLong(request.progress().downloaded())
                .writeLong(request.progress().left())
                .writeLong(request.progress().uploaded())
                .writeInt(request.event().number())
                .writeInt(0) // the address that the packet comes from
                .writeInt(request.key())
                .writeInt(request.numWant())
                .writeShort(request.port());
        writeUrl(out, tracker);
        return out;
    }

    static ByteBuf scrape(long connection, int transaction, List<InfoHash> hashes) {
        ByteBuf out = Unpooled.buffer(16 + 20 * hashes.size())
                .writeLong(connection)
                .writeInt(SCRAPE)
                .writeInt(transaction);
        hashes.forEach(hash -> hash.writeTo(out));
        return out;
    }

    /** Writes path and query as options of up to 255 bytes (BEP 41). A URL without them has no option. */
    private static void writeUrl(ByteBuf out, URI tracker) {
        String query = tracker.getRawQuery();
        String text = tracker.getRawPath() + (query == null ? "" : "?" + query);
        byte[] url = text.getBytes(US_ASCII);
        for (int at = 0; at < Math.min(MAX_URL, url.length); at += MAX_OPTION) {
            int length = Math.min(MAX_OPTION, Math.min(MAX_URL, url.length) - at);
            out.writeByte(URL_DATA).writeByte(length).writeBytes(url, at, length);
        }
    }
}
