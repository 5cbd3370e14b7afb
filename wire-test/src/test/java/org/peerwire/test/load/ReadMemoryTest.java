/* SPDX-License-Identifier: MIT */
package org.peerwire.test.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peerwire.Block;
import org.peerwire.PayloadMode;
import org.peerwire.RequestWindow;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireOptions;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.test.SocketPeer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The memory that kept blocks hold, when they are slices of what was read. */
@Timeout(60)
class ReadMemoryTest {
    private static final int BLOCKS = 100;
    private static final int FIRST = 20;

    private final Disposable.Composite open = Disposables.composite();

    @AfterEach
    void close() {
        open.dispose();
    }

    private static BlockRequest request(int piece) {
        return new BlockRequest(piece, 0, BlockRequest.BLOCK_LENGTH);
    }

    private Wire wire(SocketPeer peer) {
        CompletableFuture<Wire> dialled = WireClient.create()
                .options(WireOptions.builder().payloadMode(PayloadMode.POOLED).build())
                .connect(peer.address(), SELF)
                .doOnNext(open::add)
                .toFuture();
        peer.handshake(PLAIN);
        return dialled.orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** Returns the bytes of all buffers that the blocks keep, each counted once. */
    private static long kept(List<Block> blocks) {
        Set<ByteBuf> buffers = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Block block : blocks) {
            ByteBuf buffer = block.data();
            while (buffer.unwrap() != null) {
                buffer = buffer.unwrap();
            }
            buffers.add(buffer);
        }
        return buffers.stream().mapToLong(ByteBuf::capacity).sum();
    }

    @Test
    void blocksThatComeOneByOneKeepLittleMoreThanTheirBytes() {
        SocketPeer peer = SocketPeer.listening(SELF.infoHash());
        open.add(peer);
        Wire wire = wire(peer);
        CompletableFuture<List<Block>> received = wire.blocks()
                .download(
                        Flux.range(0, BLOCKS).map(ReadMemoryTest::request),
                        RequestWindow.fixed(1),
                        (request, failure) -> Mono.error(failure))
                .collectList()
                .toFuture();
        peer.send(new Message.Unchoke());
        IntStream.range(0, BLOCKS).forEach(piece -> peer.expect(new Message.Request(request(piece)))
                .send(new Message.Piece(piece, 0, Unpooled.wrappedBuffer(new byte[BlockRequest.BLOCK_LENGTH]))));
        List<Block> blocks =
                new ArrayList<>(received.orTimeout(30, TimeUnit.SECONDS).join());
        long bytes = (BLOCKS - FIRST) * (long) BlockRequest.BLOCK_LENGTH;
        long kept = kept(blocks.subList(FIRST, BLOCKS));
        blocks.forEach(Block::release);

        assertThat(kept).isLessThanOrEqualTo(3 * bytes);
    }
}
