/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Features;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.test.SocketPeer;

/** A download from a peer that sends each block twice, as peers at the end of their download do. */
class DuplicatingSeedTest {
    private static final int PIECE = 32 * 1024;

    private final byte[] content = TestTorrents.bytes(256 * PIECE);
    private final Torrent torrent = TestTorrents.of(content, PIECE);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDownloadCompletesFromAPeerThatSendsEachBlockTwice(boolean fast) {
        SocketPeer peer = SocketPeer.listening(torrent.hashes().wire());
        Leecher leecher = Leecher.of(torrent, peer.address());
        leecher.swarm.download(leecher.store).doFinally(end -> peer.dispose()).subscribe(null, error -> {});

        peer.handshake(fast ? Features.DEFAULT : Features.NONE)
                .send(new Message.Bitfield(PieceSet.all(torrent.pieceCount())), new Message.Unchoke());
        for (Message next = peer.next(); next != null; next = peer.next()) {
            if (next instanceof Message.Request asked) {
                peer.send(block(asked.block()), block(asked.block()));
            }
        }

        assertThat(leecher.content(torrent)).isEqualTo(content);
        assertThat(leecher.received()).containsValue((long) content.length);
        assertThat(leecher.seen(SwarmEvent.Connected.class)).hasSize(1);
        leecher.dispose();
    }

    private Message block(BlockRequest block) {
        return new Message.Piece(block.piece(), block.offset(), TestSeeds.block(torrent, content, block));
    }
}
