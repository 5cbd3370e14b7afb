/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.FileStore;
import org.peerwire.swarm.Patience;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmBuilder;
import org.peerwire.swarm.SwarmOptions;
import org.peerwire.swarm.SwarmStats;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/**
 * A program that downloads a torrent to a folder, and resumes a download that is there. Run with
 * {@code X.torrent|magnet:... FOLDER [HOST:PORT...]}.
 */
public final class DownloadTorrent {
    private DownloadTorrent() {}

    /** Runs the program. */
    public static void main(String[] args) throws Exception {
        if (args.length < 2) {
            System.err.println("usage: DownloadTorrent X.torrent|magnet:... FOLDER [HOST:PORT...]");
            return;
        }
        SwarmBuilder torrent = args[0].startsWith("magnet:")
                ? Swarm.of(MagnetLink.parse(args[0]))
                : Swarm.of(Torrent.read(Path.of(args[0])));
        // tag::download[]
        Swarm swarm = torrent.peers(
                        Stream.of(args).skip(2).map(DownloadTorrent::address).toList())
                .options(SwarmOptions.builder()
                        .patience(Patience.of(Duration.ofMinutes(2)))
                        .build())
                .connect();
        Disposable progress = Flux.interval(Duration.ofMillis(500))
                .concatMap(tick -> swarm.stats())
                .subscribe(DownloadTorrent::print);
        try {
            swarm.download(FileStore.in(Path.of(args[1]))).block();
            swarm.stats().doOnNext(DownloadTorrent::print).block();
        } finally {
            progress.dispose();
            swarm.close().block();
        }
        // end::download[]
        System.out.println();
    }

    private static void print(SwarmStats now) {
        System.out.printf("\r%d of %d pieces from %d peers ", now.pieces(), now.totalPieces(), now.wires());
    }

    private static InetSocketAddress address(String text) {
        URI uri = URI.create("peer://" + text);
        return new InetSocketAddress(uri.getHost(), uri.getPort());
    }
}
