/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.peerwire.discovery.Trackers;
import org.peerwire.metadata.FileSelection;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmBuilder;

/**
 * A torrent to connect for. Either of the two is null.
 *
 * @param torrent the torrent
 * @param link a link to the torrent
 */
record Target(@Nullable Torrent torrent, @Nullable MagnetLink link) {
    private static final int SHORT_HASH = 8;

    /** Returns the target of a magnet link. */
    static Target of(MagnetLink link) {
        return new Target(null, link);
    }

    /** Returns the target of a known torrent. */
    static Target of(Torrent torrent) {
        return new Target(torrent, null);
    }

    /** Returns the known hashes. */
    InfoHashes hashes() {
        return torrent != null ? torrent.hashes() : known(link).hashes();
    }

    /** Returns true if both are of the same torrent as far as the known hashes tell. */
    boolean isSame(Target other) {
        return !Collections.disjoint(texts(), other.texts());
    }

    private Set<String> texts() {
        return Stream.of(hashes().v1(), hashes().v2())
                .filter(Objects::nonNull)
                .map(Object::toString)
                .collect(Collectors.toSet());
    }

    /** Returns the trackers in tiers. */
    List<List<String>> trackers() {
        return torrent != null ? torrent.trackers() : known(link).trackers();
    }

    /** Returns the trackers that we can ask. */
    Trackers usableTrackers() {
        return torrent != null ? Trackers.of(torrent) : Trackers.of(known(link));
    }

    /** Returns the URLs of web seeds. */
    List<String> webSeeds() {
        return torrent != null ? torrent.webSeeds() : known(link).webSeeds();
    }

    /** Returns the files that the link selects, or all. */
    FileSelection files() {
        return link == null ? FileSelection.ALL : link.files();
    }

    /** Returns the name, or the begin of the hash while the name is unknown. */
    String name() {
        String name = torrent != null ? torrent.name() : known(link).name();
        return name != null ? name : hashes().wire().toHex().substring(0, SHORT_HASH);
    }

    /** Returns a builder of the swarm, with the peers of the link. */
    SwarmBuilder swarm() {
        return torrent != null ? Swarm.of(torrent) : Swarm.of(known(link));
    }

    private static MagnetLink known(@Nullable MagnetLink link) {
        return Objects.requireNonNull(link, "a torrent or a link");
    }
}
