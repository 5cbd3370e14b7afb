/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.URI;
import java.util.List;
import org.peerwire.InfoHash;
import org.peerwire.discovery.Progress;
import org.peerwire.discovery.TrackerException;
import org.peerwire.discovery.TrackerException.Reason;

/** The URLs of requests to HTTP trackers (BEP 3, 7, 23, 48). A query of the tracker's URL is kept in front. */
final class HttpQuery {
    private static final String ANNOUNCE = "announce";
    private static final String HEX = "0123456789ABCDEF";

    private HttpQuery() {}

    static String announce(URI tracker, TrackerRequest request) {
        Progress progress = request.progress();
        StringBuilder url = start(tracker, tracker.getRawPath())
                .append("info_hash=")
                .append(escaped(request.infoHash().bytes()))
                .append("&peer_id=")
                .append(escaped(request.peerId().bytes()))
                .append("&port=")
                .append(request.port())
                .append("&uploaded=")
                .append(progress.uploaded())
                .append("&downloaded=")
                .append(progress.downloaded())
                .append("&left=")
                .append(progress.left())
                .append("&compact=1&no_peer_id=1&numwant=")
                .append(request.numWant())
                .append("&key=")
                .append(String.format("%08X", request.key()));
        if (request.event() != AnnounceEvent.NONE) {
            url.append("&event=").append(request.event().text());
        }
        byte[] trackerId = request.trackerId();
        if (trackerId != null) {
            url.append("&trackerid=").append(escaped(trackerId));
        }
        return url.toString();
    }

    /**
     * Returns the URL of a scrape, which has {@code scrape} for the {@code announce} that begins the last part of the
     * path.
     *
     * @throws TrackerException UNSUPPORTED if the last part begins with something else
     */
    static String scrape(URI tracker, List<InfoHash> hashes) {
        String path = tracker.getRawPath();
        int last = path.lastIndexOf('/') + 1;
        if (!path.startsWith(ANNOUNCE, last)) {
            throw new TrackerException(
                    Reason.UNSUPPORTED,
                    "the tracker has no scrape address: the last part of its path must begin with announce, was "
                            + TrackerText.of(path.substring(last)));
        }
        StringBuilder url =
                start(tracker, path.substring(0, last) + "scrape" + path.substring(last + ANNOUNCE.length()));
        String separator = "";
        for (InfoHash hash : hashes) {
            url.append(separator).append("info_hash=").append(escaped(hash.bytes()));
            separator = "&";
        }
        return url.toString();
    }

    /** Returns the URL up to the first parameter, without its fragment. */
    private static StringBuilder start(URI tracker, String path) {
        StringBuilder url = new StringBuilder()
                .append(tracker.getScheme())
                .append("://")
                .append(tracker.getRawAuthority())
                .append(path.isEmpty() ? "/" : path)
                .append('?');
        String query = tracker.getRawQuery();
        if (query != null && !query.isEmpty()) {
            url.append(query).append('&');
        }
        return url;
    }

    /** Returns the bytes with %XX for each that is not unreserved in a URI (RFC 3986, section 2.3). */
    static String escaped(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length * 3);
        for (byte octet : bytes) {
            if (isUnreserved(octet)) {
                text.append(new String(new byte[] {octet}, US_ASCII));
            } else {
                text.append('%').append(HEX.charAt((octet & 0xff) >> 4)).append(HEX.charAt(octet & 0xf));
            }
        }
        return text.toString();
    }

    private static boolean isUnreserved(byte c) {
        boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return isLetter || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0;
    }
}
