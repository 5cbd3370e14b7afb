/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentFile;
import org.peerwire.swarm.FileStore;
import org.peerwire.swarm.Piece;
import org.peerwire.swarm.PieceOrder;
import org.peerwire.swarm.Swarm;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A program that serves the longest file of a torrent over HTTP while it downloads it. A player may seek. A slow player
 * slows the peers. Pieces that are in the folder are not downloaded again. Run with
 * {@code X.torrent FOLDER HTTP-PORT HOST PORT}.
 */
public final class StreamVideo {
    private static final int SLICE = 16 * 1024; // an HTTP response asks for 128 slices at once

    private StreamVideo() {}

    /** Runs the program. */
    public static void main(String[] args) throws Exception {
        Torrent torrent = Torrent.read(Path.of(args[0]));
        Swarm swarm = Swarm.of(torrent)
                .store(FileStore.in(Path.of(args[1])))
                .peers(new InetSocketAddress(args[3], Integer.parseInt(args[4])))
                .connect();
        serve(swarm, torrent, Integer.parseInt(args[2])).onDispose().block();
    }

    static DisposableServer serve(Swarm swarm, Torrent torrent, int port) {
        TorrentFile video = Collections.max(torrent.contentFiles(), Comparator.comparingLong(TorrentFile::length));
        return HttpServer.create()
                .host("127.0.0.1")
                .port(port)
                .handle((request, response) -> answer(swarm, torrent, video, request, response))
                .bindNow();
    }

    private static Publisher<Void> answer(
            Swarm swarm, Torrent torrent, TorrentFile video, HttpServerRequest request, HttpServerResponse response) {
        HttpRange range = HttpRange.of(request, video.length());
        range.describe(response);
        return request.method().equals(HttpMethod.GET) && !range.isEmpty()
                ? response.send(bytes(swarm, torrent, video.offset() + range.from(), video.offset() + range.to()))
                : response.send();
    }

    // tag::bytes[]
    private static Flux<ByteBuf> bytes(Swarm swarm, Torrent torrent, long from, long to) {
        return swarm.pieces(PieceOrder.sequential(8).bytes(from, to))
                .concatMap(piece -> slices(piece, from, to, (long) piece.index() * torrent.pieceLength()), 1);
    }

    private static Flux<ByteBuf> slices(Piece piece, long from, long to, long start) {
        int first = (int) Math.max(0, from - start);
        ByteBuf wanted = piece.data().slice(first, (int) Math.min(piece.length(), to - start) - first);
        int end = wanted.readableBytes();
        return Flux.range(0, (end + SLICE - 1) / SLICE)
                .map(i -> wanted.retainedSlice(i * SLICE, Math.min(SLICE, end - i * SLICE)));
    }
    // end::bytes[]
}
