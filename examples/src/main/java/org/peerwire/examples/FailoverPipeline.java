/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.peerwire.Block;
import org.peerwire.LocalPeer;
import org.peerwire.PayloadMode;
import org.peerwire.PeerId;
import org.peerwire.RequestWindow;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireOptions;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.metadata.Torrent;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A program that downloads a torrent from several seeds at once. A block that a seed rejects, or leaves behind when its
 * wire ends, comes from the next seed, and no block that has arrived is requested again. A slow disk slows every seed,
 * so memory is bounded whatever the size of the torrent. Run with {@code X.torrent DIR HOST:PORT...}.
 */
public final class FailoverPipeline {
    private static final RequestWindow WINDOW = RequestWindow.adaptive();
    private static final int WRITES_AT_ONCE = 8;

    private final List<Wire> wires;

    private FailoverPipeline(List<Wire> wires) {
        this.wires = wires;
    }

    /** Runs the program. */
    public static void main(String[] args) throws Exception {
        if (args.length < 3) {
            System.err.println("usage: FailoverPipeline X.torrent DIR HOST:PORT...");
            return;
        }
        Torrent torrent = Torrent.read(Path.of(args[0]));
        BlockFiles disk = new BlockFiles(torrent, Path.of(args[1]));
        LocalPeer self = LocalPeer.of(torrent.hashes().wire(), PeerId.random()).withShape(torrent.shape());
        WireClient client = WireClient.create()
                .options(WireOptions.builder().payloadMode(PayloadMode.POOLED).build());
        Long blocks = disk.prepare()
                .thenMany(Flux.fromStream(Stream.of(args).skip(2).map(FailoverPipeline::address)))
                .flatMap(seed -> client.connect(seed, self))
                .delayUntil(wire -> wire.outbound().send(new Message.Interested()))
                .collectList()
                .flatMapMany(wires -> new FailoverPipeline(wires).download(everyBlock(torrent)))
                .transform(Block.use(block -> disk.write(block).thenReturn(1), WRITES_AT_ONCE))
                .count()
                .block();
        System.out.println("downloaded " + blocks + " blocks to " + args[1]);
    }

    // tag::failover[]
    /** Shares the blocks out among the wires, as each has demand. */
    private Flux<Block> download(Flux<BlockRequest> wanted) {
        return wanted.parallel(wires.size(), 1)
                .groups()
                .flatMap(share -> from(wires.get(share.key()), share), wires.size());
    }

    private Flux<Block> from(Wire wire, Publisher<BlockRequest> requests) {
        return wire.blocks().download(requests, WINDOW, (request, failure) -> from(nextTo(wire), Mono.just(request))
                .next());
    }

    private Wire nextTo(Wire failed) {
        int at = wires.indexOf(failed);
        return IntStream.range(1, wires.size())
                .mapToObj(i -> wires.get((at + i) % wires.size()))
                .filter(wire -> !wire.isDisposed())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no other seed is connected"));
    }
    // end::failover[]

    private static Flux<BlockRequest> everyBlock(Torrent torrent) {
        return Flux.range(0, torrent.pieceCount()).concatMapIterable(torrent.shape()::blocks);
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }
}
