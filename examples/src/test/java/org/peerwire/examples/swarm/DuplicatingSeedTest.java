/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Features;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.test.SocketPeer;
import reactor.core.publisher.Mono;

/** Tests a download from a peer that sends each block twice, as peers at the end of their download do. */
class DuplicatingSeedTest {
    private static final int LENGTH = 256 * TestData.PIECE_LENGTH;

    @TempDir
    private Path temp;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDownloadCompletesFromAPeerThatSendsEachBlockTwice(boolean fast) throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), LENGTH);
        byte[] data = Files.readAllBytes(source);
        Torrent torrent = TestData.torrent(source);
        SocketPeer peer = SocketPeer.listening(torrent.hashes().wire());
        Queue<SwarmEvent> events = new ConcurrentLinkedQueue<>();
        SwarmSettings settings = SwarmSettings.dialling(List.of(peer.address()));
        Mono<SwarmEvent.Completed> result = new Downloader(
                        Target.of(torrent), temp.resolve("copy"), settings, events::add)
                .run()
                .cache();
        result.subscribe(completed -> {}, error -> {});

        peer.handshake(fast ? Features.DEFAULT : Features.NONE)
                .send(new Message.Bitfield(PieceSet.all(torrent.pieceCount())), new Message.Unchoke());
        for (Message next = peer.next(); next != null; next = peer.next()) {
            if (next instanceof Message.Request asked) {
                peer.send(block(data, asked.block()), block(data, asked.block()));
            }
        }
        peer.dispose();
        SwarmEvent.Completed completed = TestData.await(result);

        assertThat(completed.path()).hasSameBinaryContentAs(source);
        assertThat(completed.perPeer()).containsValue((long) LENGTH);
        assertThat(events).filteredOn(SwarmEvent.Connected.class::isInstance).hasSize(1);
    }

    private static Message block(byte[] data, BlockRequest block) {
        int start = block.piece() * TestData.PIECE_LENGTH + block.offset();
        return new Message.Piece(block.piece(), block.offset(), Unpooled.wrappedBuffer(data, start, block.length()));
    }
}
