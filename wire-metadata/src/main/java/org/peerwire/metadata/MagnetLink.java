/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;

/**
 * A magnet link: the info hash of a torrent, and hints for finding it (BEP 9, 53). Immutable. The author of the link
 * controls the hints: an address may belong to any machine, including one in the local network.
 *
 * @param hashes the info hashes, of known version
 * @param name the name to show until the metadata is known ({@code dn}), or null
 * @param trackers the tracker URLs in tiers, first tier first ({@code tr}, {@code tr.N}; BEP 12)
 * @param webSeeds the URLs of web seeds ({@code ws})
 * @param peers the addresses of peers, unresolved ({@code x.pe})
 * @param dhtNodes the addresses of DHT nodes, unresolved ({@code dht})
 * @param files the files to download ({@code so})
 * @param others the parameters that are kept and not used: other sources ({@code xs}, {@code as}), keywords ({@code
 *     kt}) and the length ({@code xl}), in the order of the link
 */
public record MagnetLink(
        InfoHashes hashes,
        @Nullable String name,
        List<List<String>> trackers,
        List<String> webSeeds,
        List<InetSocketAddress> peers,
        List<InetSocketAddress> dhtNodes,
        FileSelection files,
        List<Parameter> others) {

    /** The longest link that is read, in characters: 65,536. */
    public static final int MAX_LENGTH = 64 * 1024;

    /** The maximum number of trackers, of web seeds and of other parameters in a link: 256. Further ones are skipped. */
    public static final int MAX_TRACKERS = 256;

    /** The maximum number of peers, and of DHT nodes, in a link: 64. Further ones are skipped. */
    public static final int MAX_PEERS = 64;

    /**
     * A parameter that is kept as it is.
     *
     * @param key the key in lower case, such as {@code xs}
     * @param value the decoded value
     */
    public record Parameter(String key, String value) {}

    /**
     * Checks the hashes and copies the lists.
     *
     * @throws IllegalArgumentException if the version of the hashes is unknown
     */
    public MagnetLink {
        if (!hashes.isComplete()) {
            throw Ranges.failure("hashes", "of a known version", hashes);
        }
        trackers = trackers.stream().map(List::copyOf).toList();
        webSeeds = List.copyOf(webSeeds);
        peers = List.copyOf(peers);
        dhtNodes = List.copyOf(dhtNodes);
        others = List.copyOf(others);
    }

    /** Returns a link without hints. */
    public static MagnetLink of(InfoHashes hashes) {
        return new MagnetLink(hashes, null, List.of(), List.of(), List.of(), List.of(), FileSelection.ALL, List.of());
    }

    /** Returns this link with another name. */
    public MagnetLink withName(String name) {
        return new MagnetLink(hashes, name, trackers, webSeeds, peers, dhtNodes, files, others);
    }

    /** Returns this link with other trackers, in tiers. */
    public MagnetLink withTrackers(List<List<String>> trackers) {
        return new MagnetLink(hashes, name, trackers, webSeeds, peers, dhtNodes, files, others);
    }

    /** Returns this link with other peers. */
    public MagnetLink withPeers(List<InetSocketAddress> peers) {
        return new MagnetLink(hashes, name, trackers, webSeeds, peers, dhtNodes, files, others);
    }

    /** Returns this link with another selection of files. */
    public MagnetLink withFiles(FileSelection files) {
        return new MagnetLink(hashes, name, trackers, webSeeds, peers, dhtNodes, files, others);
    }

    /**
     * Returns the link in a text, which may be a bare info hash for {@link InfoHashes#parse}. Ignores the case of
     * scheme, keys and hashes, blanks and double quotes around the link, and a fragment at its end. Reads <code>&amp;amp;</code>
     * as {@code &}.
     *
     * <p>Skips malformed hints and unknown keys. Keeps a {@code %} that does not start an escape. Trackers are in the
     * order of the link. Those with one number ({@code tr.N}) form a tier, and each without a number is a tier of its
     * own.
     *
     * @throws IllegalArgumentException if the text is not a magnet link, or longer than {@link #MAX_LENGTH}. Also if an
     *     info hash is malformed, missing, or different from another one of the same version. The message is one line
     *     for people
     */
    public static MagnetLink parse(String link) {
        return new MagnetParser().parse(link);
    }

    /** Returns the link in a canonical form, which {@link #parse} reads. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("magnet:");
        InfoHash v1 = hashes.v1();
        if (v1 != null) {
            append(out, "xt", "urn:btih:" + v1);
        }
        InfoHashV2 v2 = hashes.v2();
        if (v2 != null) {
            append(out, "xt", "urn:btmh:" + HashText.SHA256_PREFIX + v2);
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
        others.forEach(other -> append(out, other.key(), encode(other.value())));
        return out.toString();
    }

    private static void append(StringBuilder out, String key, String value) {
        out.append(out.indexOf("?") < 0 ? '?' : '&').append(key).append('=').append(value);
    }

    /** Escapes only the host, as clients do not escape the colon and the brackets. */
    private static String encode(InetSocketAddress address) {
        String host = address.getHostString();
        boolean literal = host.indexOf(':') >= 0;
        return (literal ? "[" + host.replace("%", "%25") + "]" : encode(host)) + ":" + address.getPort();
    }

    /** Escapes a space as %20, because some clients do not read a plus sign as a space. */
    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }
}
