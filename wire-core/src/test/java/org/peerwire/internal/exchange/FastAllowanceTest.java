/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.AllowedFastSet;
import org.peerwire.InfoHash;
import org.peerwire.TorrentShape;
import org.peerwire.WireOptions;
import org.peerwire.internal.peer.KnownTorrent;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;

class FastAllowanceTest {
    private static final InfoHash HASH = InfoHash.of(new byte[20]);
    private static final int PIECES = 4;

    private final ExchangeProbe probe = new ExchangeProbe(true);
    private final KnownTorrent torrent = new KnownTorrent(1_000);
    private final InetAddress v4 = address(4);

    @AfterEach
    void nothingIsLeaked() {
        probe.endWithoutLeak();
    }

    private static InetAddress address(int length) {
        byte[] bytes = new byte[length];
        bytes[0] = 20;
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private FastAllowance allowance(@Nullable InetAddress peer) {
        WireOptions options = WireOptions.builder()
                .allowedFastPieces(PIECES)
                .limits(limits -> limits.maxFastServes(2))
                .build();
        return new FastAllowance(torrent, probe.queue, HASH, peer, options);
    }

    /** Ten pieces of 200 bytes, the last of 50. */
    private void learn() {
        torrent.learn(TorrentShape.of(9 * 200L + 50, 200));
    }

    private static BlockRequest block(int piece, int length) {
        return new BlockRequest(piece, 0, length);
    }

    @Test
    void setOfThePeersAddressIsAnnouncedOnce() {
        learn();
        FastAllowance allowance = allowance(v4);

        allowance.announce();
        allowance.announce();

        assertThat(probe.written())
                .isEqualTo(AllowedFastSet.of(v4, HASH, 10, PIECES).stream()
                        .map(Message.AllowedFast::new)
                        .toList())
                .hasSize(PIECES);
    }

    @Test
    void setIsAnnouncedWhenTheShapeBecomesKnown() {
        FastAllowance allowance = allowance(v4);
        allowance.announce();
        assertThat(probe.written()).isEmpty();

        learn();
        allowance.announce();

        assertThat(probe.written()).hasSize(PIECES);
    }

    @Test
    void nothingIsAnnouncedWithoutAnIpv4AddressOrPieces() {
        learn();
        allowance(null).announce();
        allowance(address(16)).announce();
        torrent.learn(TorrentShape.of(0, 200));
        allowance(v4).announce();

        assertThat(probe.written()).isEmpty();
    }

    @Test
    void announcementDoesNotAllowBeforeItIsWritten() {
        learn();
        FastAllowance allowance = allowance(v4);
        allowance.announce();
        int piece = AllowedFastSet.of(v4, HASH, 10, PIECES).get(0);

        assertThat(allowance.contains(block(piece, 50))).isFalse();
        assertThat(allowance.mayRequest(block(piece, 50))).isFalse();

        allowance.allow(piece);
        assertThat(allowance.contains(block(piece, 50))).isTrue();
        assertThat(allowance.mayRequest(block(piece, 50))).isTrue();
    }

    @Test
    void pieceMayBeRequestedAsManyTimesAsTheLimitSays() {
        learn();
        FastAllowance allowance = allowance(v4);
        allowance.allow(3);
        allowance.allow(9);

        for (int i = 0; i < 4; i++) {
            assertThat(allowance.mayRequest(block(3, 100))).isTrue();
            allowance.count(block(3, 100));
        }

        assertThat(allowance.mayRequest(block(3, 100))).isFalse();
        assertThat(allowance.contains(block(3, 100))).isTrue();
        assertThat(allowance.mayRequest(block(9, 50)))
                .as("each piece has its own share")
                .isTrue();
    }

    @Test
    void shareOfTheLastPieceFollowsItsLength() {
        learn();
        FastAllowance allowance = allowance(v4);
        allowance.allow(9);

        allowance.count(block(9, 50));
        assertThat(allowance.mayRequest(block(9, 50))).isTrue();
        allowance.count(block(9, 50));

        assertThat(allowance.mayRequest(block(9, 50))).isFalse();
    }

    @Test
    void allowingAgainDoesNotRefillTheShare() {
        learn();
        FastAllowance allowance = allowance(v4);
        allowance.allow(9);
        allowance.count(block(9, 50));
        allowance.count(block(9, 50));

        allowance.allow(9);

        assertThat(allowance.mayRequest(block(9, 50))).isFalse();
    }

    @Test
    void nothingMayBeRequestedBeforeTheShapeIsKnown() {
        FastAllowance allowance = allowance(v4);
        allowance.allow(3);

        assertThat(allowance.contains(block(3, 100))).isTrue();
        assertThat(allowance.mayRequest(block(3, 100))).isFalse();
    }
}
