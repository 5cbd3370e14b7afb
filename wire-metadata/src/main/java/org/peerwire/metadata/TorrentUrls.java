/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.peerwire.bencode.BencodeValue;

/**
 * The places that a torrent file names: its trackers (BEP 3, 12) and web seeds (BEP 19) as URLs without blanks around
 * them, and DHT nodes (BEP 5).
 */
final class TorrentUrls {

    private TorrentUrls() {}

    /** Returns the trackers in tiers. Reads {@code announce} if {@code announce-list} has none. */
    static List<List<String>> trackers(BencodeValue root) {
        BencodeValue list = root.get("announce-list");
        List<List<String>> tiers = list == null
                ? List.of()
                : used(list.items().stream()
                        .map(tier -> tier.items().stream()
                                .flatMap(url -> url.asText().stream())
                                .toList())
                        .toList());
        return tiers.isEmpty() ? used(List.of(root.getText("announce").stream().toList())) : tiers;
    }

    /** Replaces the trackers. An empty list removes them. */
    static void putTrackers(Map<String, BencodeValue> entries, List<List<String>> tiers) {
        List<List<String>> used = used(tiers);
        entries.remove("announce");
        entries.remove("announce-list");
        if (!used.isEmpty()) {
            entries.put("announce", BencodeValue.of(used.get(0).get(0)));
        }
        if (used.stream().mapToInt(List::size).sum() > 1) {
            entries.put(
                    "announce-list",
                    BencodeValue.list(used.stream()
                            .map(tier -> BencodeValue.list(
                                    tier.stream().map(BencodeValue::of).toList()))
                            .toList()));
        }
    }

    /** Returns the web seeds, which are one string or a list. */
    static List<String> webSeeds(BencodeValue root) {
        BencodeValue value = root.get("url-list");
        return value == null ? List.of() : used(texts(value));
    }

    /** Returns the DHT nodes, unresolved, at most {@link MagnetLink#MAX_PEERS}. Skips malformed ones. */
    static List<InetSocketAddress> dhtNodes(BencodeValue root) {
        BencodeValue value = root.get("nodes");
        return value == null
                ? List.of()
                : value.items().stream()
                        .flatMap(node -> node(node.items()).stream())
                        .distinct()
                        .limit(MagnetLink.MAX_PEERS)
                        .toList();
    }

    private static Optional<InetSocketAddress> node(List<BencodeValue> pair) {
        if (pair.size() != 2) {
            return Optional.empty();
        }
        OptionalLong port = pair.get(1).asLong();
        return port.isEmpty()
                ? Optional.empty()
                : pair.get(0).asText().map(host -> HostPort.of(host.strip(), port.getAsLong()));
    }

    private static Stream<String> texts(BencodeValue value) {
        return Stream.concat(value.asText().stream(), value.items().stream().flatMap(item -> item.asText().stream()));
    }

    /** Returns the tiers without blank URLs and empty tiers. */
    private static List<List<String>> used(List<List<String>> tiers) {
        return tiers.stream()
                .map(tier -> used(tier.stream()))
                .filter(tier -> !tier.isEmpty())
                .toList();
    }

    private static List<String> used(Stream<String> urls) {
        return urls.map(String::strip).filter(url -> !url.isEmpty()).toList();
    }
}
