/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.peerwire.metadata.MagnetLink;

/** The content of a magnet link as text and as JSON. */
final class MagnetInfo {
    private final MagnetLink link;
    private final List<String> peers;
    private final List<String> nodes;

    MagnetInfo(MagnetLink link) {
        this.link = link;
        this.peers = link.peers().stream().map(Addresses::text).toList();
        this.nodes = link.dhtNodes().stream().map(Addresses::text).toList();
    }

    /** Returns the lines for people. */
    Sheet sheet() {
        Sheet sheet =
                new Sheet().line("name", link.name()).hashes(link.hashes()).line("magnet", link);
        length().ifPresent(length -> sheet.line("length", Texts.bytes(length)));
        sheet.trackers(link.trackers())
                .lines("web seed", link.webSeeds())
                .lines("peer", peers)
                .lines("DHT node", nodes)
                .line("files", link.files().isAll() ? null : link.files());
        for (MagnetLink.Parameter other : others()) {
            sheet.text("other", other.key() + "=" + other.value());
        }
        return sheet.lines("warning", warnings());
    }

    /** Returns the JSON object. A key without a value is absent. */
    JsonLine json() {
        JsonLine line = new JsonLine();
        line.node().put("type", "magnet");
        if (link.name() != null) {
            line.node().put("name", link.name());
        }
        line.hashes(link.hashes());
        line.node().put("magnet", link.toString());
        length().ifPresent(length -> line.node().put("length", length));
        line.trackers(link.trackers())
                .texts("webSeeds", link.webSeeds())
                .texts("peers", peers)
                .texts("dhtNodes", nodes);
        if (!link.files().isAll()) {
            line.node().put("selectedFiles", link.files().toString());
        }
        ArrayNode list = line.node().putArray("others");
        others().forEach(other -> list.addObject().put("key", other.key()).put("value", other.value()));
        return line.texts("warnings", warnings());
    }

    /** Returns the length that the link claims ({@code xl}), unless it is malformed. */
    private OptionalLong length() {
        return link.others().stream()
                .filter(MagnetInfo::isLength)
                .mapToLong(other -> Long.parseLong(other.value()))
                .findFirst();
    }

    private static boolean isLength(MagnetLink.Parameter other) {
        return other.key().equals("xl") && other.value().matches("[0-9]{1,18}");
    }

    private List<MagnetLink.Parameter> others() {
        return link.others().stream().filter(other -> !isLength(other)).toList();
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (link.peers().isEmpty()
                && link.trackers().isEmpty()
                && link.dhtNodes().isEmpty()) {
            warnings.add("the link has no peer and no tracker: commands need --peer, --dht or a local peer");
        }
        if (link.hashes().v1() == null) {
            warnings.add("a version 2 torrent without SHA-1 piece hashes cannot be downloaded, seeded or verified yet");
        }
        return warnings;
    }
}
