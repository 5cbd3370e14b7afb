/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Metadata;
import org.peerwire.metadata.MetadataOptions;
import org.peerwire.metadata.UtMetadata;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A program that fetches the metadata of a magnet link from all peers it names at once. Run with {@code MAGNET}. */
public final class FetchMetadata {
    private FetchMetadata() {}

    /** Runs the program. */
    public static void main(String[] args) {
        if (args.length != 1) {
            System.err.println("usage: FetchMetadata MAGNET");
            return;
        }
        MagnetLink link = MagnetLink.parse(args[0]);
        LocalPeer self = LocalPeer.of(link.hashes().wire(), PeerId.random()).withExtension(UtMetadata.fetching());
        Flux<Wire> wires = Flux.fromIterable(link.peers())
                .flatMap(peer -> WireClient.create().connect(peer, self).onErrorResume(e -> Mono.empty()));

        Metadata found = UtMetadata.fetch(wires, link.hashes(), MetadataOptions.defaults())
                .block();
        if (found != null) {
            found.torrent()
                    .files()
                    .forEach(file -> System.out.println(file.length() + " "
                            + file.toString().replaceAll("\\p{Cc}", "?"))); // from a peer: it may control the terminal
        }
    }
}
