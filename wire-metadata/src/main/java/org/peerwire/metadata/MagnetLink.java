/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;

/**
 * A magnet link: which torrent, and hints where to find it (BEP 9, 53). The hints come from whoever wrote the link: an
 * address in it may be any machine, also one of the local network.
 *
 * @param hashes which torrent; the kind of hash is known
 * @param name what to call it until the metadata has come ({@code dn}), or null
 * @param trackers tracker URLs in tiers, first tier first ({@code tr}, {@code tr.N}; BEP 12)
 * @param webSeeds URLs of web seeds ({@code ws})
 * @param peers addresses of peers, unresolved ({@code x.pe})
 * @param dhtNodes addresses of DHT nodes, unresolved ({@code dht})
 * @param files which files to download ({@code so})
 */
public record MagnetLink(
        InfoHashes hashes,
        @Nullable String name,
        List<List<String>> trackers,
        List<String> webSeeds,
        List<InetSocketAddress> peers,
        List<InetSocketAddress> dhtNodes,
        FileSelection files) {

    /** Characters in the longest link that is read: 64 KiB. */
    public static final int MAX_LENGTH = 64 * 1024;

    /** Trackers, and likewise web seeds, read from a link; more are left out. */
    public static final int MAX_TRACKERS = 256;

    /** Peers, and likewise DHT nodes, read from a link; more are left out. */
    public static final int MAX_PEERS = 64;

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if the kind of hash is not known
     */
    public MagnetLink {
        if (!hashes.isComplete()) {
            throw Ranges.failure("hashes", "of a known version", hashes);
        }
        trackers = trackers.stream().map(List::copyOf).toList();
        webSeeds = List.copyOf(webSeeds);
        peers = List.copyOf(peers);
        dhtNodes = List.copyOf(dhtNodes);
    }

    /** A link without hints. */
    public static MagnetLink of(InfoHashes hashes) {
        return new MagnetLink(hashes, null, List.of(), List.of(), List.of(), List.of(), FileSelection.ALL);
    }

    /** With this name. */
    public MagnetLink withName(String name) {
        return new MagnetLink(hashes, name, trackers, webSeeds, peers, dhtNodes, files);
    }

    /** With these trackers, in tiers. */
    public MagnetLink withTrackers(List<List<String>> trackers) {
        return new MagnetLink(hashes, name, trackers, webSeeds, peers, dhtNodes, files);
    }

    /** With these peers. */
    public MagnetLink withPeers(List<InetSocketAddress> peers) {
        return new MagnetLink(hashes, name, trackers, webSeeds, peers, dhtNodes, files);
    }

    /** With this selection of files. */
    public MagnetLink withFiles(FileSelection files) {
        return new MagnetLink(hashes, name, trackers, webSeeds, peers, dhtNodes, files);
    }

    /**
     * Reads a link. Scheme, keys and hashes may be in either case; whitespace and double quotes around it are dropped.
     * A hint that makes no sense is skipped, keys that are not known are ignored, and a {@code %} that is no escape
     * stands for itself. A plain {@code tr} is a tier of its own, behind those with a number.
     *
     * @throws IllegalArgumentException with one line for people, if it is no magnet link, is longer than
     *     {@link #MAX_LENGTH}, has no info hash of a torrent, a broken one, or two that differ
     */
    public static MagnetLink parse(String link) {
        return new MagnetParser().parse(link);
    }

    /** The link, in one canonical form that {@link #parse} reads. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("magnet:");
        InfoHash v1 = hashes.v1();
        if (v1 != null) {
            append(out, "xt", "urn:btih:" + v1);
        }
        InfoHashV2 v2 = hashes.v2();
        if (v2 != null) {
            append(out, "xt", "urn:btmh:" + MagnetParser.SHA256_PREFIX + v2);
        }
        if (name != null) {
            append(out, "dn", encode(name));
        }
        boolean numbered = trackers.stream().anyMatch(tier -> tier.size() > 1);
        for (int tier = 0; tier < trackers.size(); tier++) {
            for (String tracker : trackers.get(tier)) {
                append(out, numbered ? "tr." + tier : "tr", encode(tracker));
            }
        }
        webSeeds.forEach(url -> append(out, "ws", encode(url)));
        peers.forEach(address -> append(out, "x.pe", encode(address)));
        if (!files.isAll()) {
            append(out, "so", files.toString());
        }
        dhtNodes.forEach(address -> append(out, "dht", encode(address)));
        return out.toString();
    }

    private static void append(StringBuilder out, String key, String value) {
        out.append(out.indexOf("?") < 0 ? '?' : '&').append(key).append('=').append(value);
    }

    /** Only the host: nobody escapes the colon and the brackets. */
    private static String encode(InetSocketAddress address) {
        String host = address.getHostString();
        boolean literal = host.indexOf(':') >= 0;
        return (literal ? "[" + host.replace("%", "%25") + "]" : encode(host)) + ":" + address.getPort();
    }

    /** Percent-encoding in which a space is %20, so that readers that take a plus sign for itself agree. */
    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }
}
