/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.Block;
import org.peerwire.BlockSource;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PayloadMode;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireOptions;
import org.peerwire.message.Message;
import org.peerwire.test.WirePair;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The snippets of the chapters "Downloads and uploads" and "Buffers". */
class PipelineTest {
    private final TorrentShape shape = TorrentShape.of(20 * 16_384, 16_384);
    private final LocalPeer self =
            LocalPeer.of(InfoHash.parse("01".repeat(20)), PeerId.random()).withShape(shape);
    private final LocalPeer other =
            LocalPeer.of(self.infoHash(), PeerId.random()).withShape(shape);

    @Test
    void everyBlockReachesTheFile(@TempDir Path folder) throws IOException {
        byte[] data = new byte[20 * 16_384];
        new Random(2).nextBytes(data);
        Path original = Files.write(folder.resolve("original"), data);
        Path copy = folder.resolve("copy");
        WirePair pair = WirePair.open(self, other);

        try (FileChannel in = FileChannel.open(original);
                FileChannel out = FileChannel.open(copy, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            pair.responder().blocks().serve(file(in)).subscribe();
            pair.responder().outbound().send(new Message.Unchoke()).subscribe();

            StepVerifier.create(download(pair.initiator(), out)).verifyComplete();
        }
        assertThat(Files.readAllBytes(copy)).isEqualTo(data);
        pair.dispose();
    }

    // tag::download[]
    Mono<Void> download(Wire wire, FileChannel file) {
        return wire.blocks()
                .download(Flux.range(0, shape.pieceCount()).concatMapIterable(shape::blocks))
                .publishOn(Schedulers.boundedElastic()) // a file blocks, an event loop must not
                .doOnNext(block -> write(file, block))
                .then();
    }
    // end::download[]

    // tag::source[]
    BlockSource file(FileChannel file) {
        return request -> Mono.fromCallable(() -> {
                    ByteBuffer bytes = ByteBuffer.allocate(request.length());
                    file.read(bytes, (long) request.piece() * shape.pieceLength() + request.offset());
                    return Unpooled.wrappedBuffer(bytes.flip());
                })
                .subscribeOn(Schedulers.boundedElastic());
    }
    // end::source[]

    private void write(FileChannel file, Block block) {
        try {
            file.write(block.data().nioBuffer(), (long) block.piece() * shape.pieceLength() + block.offset());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aPooledBlockIsReleasedByItsReceiver() {
        // tag::pooled[]
        WireOptions pooled =
                WireOptions.builder().payloadMode(PayloadMode.POOLED).build();
        // end::pooled[]
        WirePair pair = WirePair.builder(self, other)
                .initiatorOptions(to -> to.payloadMode(pooled.payloadMode()))
                .open();
        pair.responder()
                .blocks()
                .serve(request -> Mono.just(Unpooled.wrappedBuffer(new byte[request.length()])))
                .subscribe();
        pair.responder().outbound().send(new Message.Unchoke()).subscribe();

        StepVerifier.create(lengths(pair.initiator())).expectNextCount(20).verifyComplete();
        pair.dispose();
    }

    // tag::release[]
    Flux<Integer> lengths(Wire wire) {
        return wire.blocks()
                .download(Flux.range(0, shape.pieceCount()).concatMapIterable(shape::blocks))
                .transform(Block.use(block -> Mono.just(block.data().readableBytes())));
    }
    // end::release[]
}
