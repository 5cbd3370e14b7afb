/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;

/**
 * An announce on the local network: a request without a body, like HTTP in one UDP packet (BEP 14).
 *
 * @param port the TCP port of the sender, 1 to 65535
 * @param hashes the torrents of the sender, at least one
 * @param cookie a text by which a sender knows its own packets, or null
 */
public record LocalAnnounce(
        int port, List<InfoHash> hashes, @Nullable String cookie) {
    /** The maximum number of bytes in a packet that we send (BEP 14). */
    static final int MAX_LENGTH = 1_400;

    /** The number of hashes that fit into a packet beside the other lines. */
    static final int MAX_HASHES = 24;

    private static final String REQUEST = "BT-SEARCH * HTTP/1.1";

    /** Copies the list. */
    public LocalAnnounce {
        hashes = List.copyOf(hashes);
    }

    /**
     * Returns the packet.
     *
     * @param host the multicast group and its port, as the packet names it
     */
    byte[] encode(String host) {
        StringBuilder out = new StringBuilder(REQUEST).append("\r\nHost: ").append(host);
        out.append("\r\nPort: ").append(port).append("\r\n");
        hashes.forEach(hash -> out.append("Infohash: ").append(hash.toHex()).append("\r\n"));
        if (cookie != null) {
            out.append("cookie: ").append(cookie).append("\r\n");
        }
        return out.append("\r\n\r\n").toString().getBytes(ISO_8859_1);
    }

    /**
     * Returns the announce in a packet, or null if the packet is anything else. Ignores unknown headers, malformed hashes,
     * and the case of names and hashes.
     */
    static @Nullable LocalAnnounce decode(byte[] packet) {
        if (packet.length > 2 * MAX_LENGTH) {
            return null;
        }
        List<String> lines = new String(packet, ISO_8859_1).lines().toList();
        if (lines.isEmpty() || !lines.get(0).strip().equalsIgnoreCase(REQUEST)) {
            return null;
        }
        int port = 0;
        String cookie = null;
        Set<InfoHash> hashes = new LinkedHashSet<>();
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, Math.max(colon, 0)).strip().toLowerCase(Locale.ROOT)) {
                case "port" -> port = port(value);
                case "infohash" -> addHash(hashes, value);
                case "cookie" -> cookie = value;
                default -> {}
            }
        }
        return port == 0 || hashes.isEmpty() ? null : new LocalAnnounce(port, new ArrayList<>(hashes), cookie);
    }

    private static int port(String digits) {
        boolean isNumber = !digits.isEmpty()
                && digits.length() <= 5
                && digits.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        int port = isNumber ? Integer.parseInt(digits) : 0;
        return port <= 65_535 ? port : 0;
    }

    private static void addHash(Set<InfoHash> hashes, String hex) {
        boolean isHash = hex.length() == 40 && hex.chars().allMatch(digit -> Character.digit(digit, 16) >= 0);
        if (isHash) {
            hashes.add(InfoHash.parse(hex));
        }
    }
}
