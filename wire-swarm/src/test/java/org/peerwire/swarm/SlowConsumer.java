/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.peerwire.metadata.Torrent;
import reactor.core.publisher.Mono;

/** A program that takes one piece a second, and prints the hash of each: {@code X.torrent PORT...}. */
public final class SlowConsumer {
    private SlowConsumer() {}

    /** Runs the program. */
    public static void main(String[] args) throws Exception {
        Swarm swarm = Swarm.of(Torrent.read(Path.of(args[0])))
                .options(SwarmOptions.builder().piecesInFlight(2).build())
                .peers(Stream.of(args)
                        .skip(1)
                        .map(port -> new InetSocketAddress("127.0.0.1", Integer.parseInt(port)))
                        .toList())
                .connect();
        swarm.pieces()
                .concatMap(
                        piece -> {
                            System.out.println("took " + piece.index() + " " + hash(piece));
                            return Mono.delay(Duration.ofSeconds(1)).then(swarm.stats());
                        },
                        1)
                .doOnNext(stats -> System.out.println("held " + stats.held()))
                .then(swarm.close())
                .block();
    }

    private static String hash(Piece piece) {
        return hash(piece.data().array());
    }

    static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
