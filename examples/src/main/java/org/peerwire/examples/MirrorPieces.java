/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.file.Path;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentFile;
import org.peerwire.swarm.Piece;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmOptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/**
 * A program that copies the files of a torrent to an object store over HTTP, without a disk. Each object is the part of
 * a file in one piece: {@code PUT /PATH%2FOF%2FFILE%2FOFFSET}. A slow store slows all peers. Run with
 * {@code X.torrent URL HOST PORT}.
 */
public final class MirrorPieces {
    private final Torrent torrent;
    private final HttpClient bucket;

    MirrorPieces(Torrent torrent, String url) {
        this.torrent = torrent;
        this.bucket = HttpClient.create().baseUrl(url);
    }

    /** Runs the program. */
    public static void main(String[] args) throws Exception {
        Torrent torrent = Torrent.read(Path.of(args[0]));
        Swarm swarm = Swarm.of(torrent)
                .options(SwarmOptions.builder().piecesInFlight(8).build())
                .peers(new InetSocketAddress(args[2], Integer.parseInt(args[3])))
                .connect();
        new MirrorPieces(torrent, args[1]).mirror(swarm).block();
        swarm.close().block();
    }

    // tag::mirror[]
    Mono<Void> mirror(Swarm swarm) {
        return swarm.pieces().concatMap(this::put, 1).then();
    }

    private Mono<Void> put(Piece piece) {
        long start = (long) piece.index() * torrent.pieceLength();
        return Flux.fromIterable(torrent.contentFiles())
                .filter(file -> file.offset() < start + piece.length() && file.offset() + file.length() > start)
                .concatMap(file -> put(file, piece.data(), start))
                .then();
    }
    // end::mirror[]

    private Mono<Void> put(TorrentFile file, ByteBuf data, long start) {
        int from = (int) Math.max(0, file.offset() - start);
        int to = (int) Math.min(data.readableBytes(), file.offset() + file.length() - start);
        String name = file + "/" + (start + from - file.offset());
        String key = URLEncoder.encode(name, UTF_8).replace("+", "%20");
        return bucket.put()
                .uri("/" + key)
                .send(Mono.fromSupplier(() -> data.retainedSlice(from, to - from)))
                .response()
                .filter(answer -> answer.status().code() / 100 == 2)
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("the store must take " + name)))
                .then();
    }
}
