/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.peerwire.TorrentShape;

class KnownTorrentTest {
    private final KnownTorrent torrent = new KnownTorrent(1_000);

    @Test
    void unknownTorrentIsPublicAndHasTheMaximumOfPieces() {
        assertThat(torrent.isKnown()).isFalse();
        assertThat(torrent.shape()).isNull();
        assertThat(torrent.isPrivate()).isFalse();
        assertThat(torrent.maxPieces()).isEqualTo(1_000);
        assertThat(torrent.pieceLength(3)).isZero();
    }

    @Test
    void shapeReplacesTheMaximum() {
        torrent.learn(TorrentShape.of(40_000, 16_384));

        assertThat(torrent.isKnown()).isTrue();
        assertThat(torrent.maxPieces()).isEqualTo(3);
        assertThat(torrent.pieceLength(0)).isEqualTo(16_384);
        assertThat(torrent.pieceLength(2)).isEqualTo(40_000 - 2 * 16_384);
        assertThat(torrent.isPrivate()).isFalse();
    }

    @Test
    void privacyIsKnownWithTheShape() {
        torrent.learn(new TorrentShape(40_000, 16_384, true));

        assertThat(torrent.isPrivate()).isTrue();
    }
}
