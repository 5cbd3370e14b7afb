/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peerwire.internal.exchange.ExchangeProbe.block;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.Block;
import org.peerwire.message.BlockRequest;

/** The requests that the peer lets us make. */
class BlocksTest {
    private final ExchangeProbe probe = new ExchangeProbe(
            true, options -> options.defaultPeerRequestQueue(10).limits(limits -> limits.maxBlockLength(100)));
    private final Blocks blocks = probe.blocks;

    @AfterEach
    void nothingIsLeaked() {
        probe.endWithoutLeak();
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "0, 0, 101", "0, 0, -1", "-1, 0, 100", "0, -1, 100"})
    void implausibleRequestIsRefusedAtOnce(int piece, int offset, int length) {
        assertThatThrownBy(() -> blocks.request(new BlockRequest(piece, offset, length)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void chokeForbidsAllButAllowedPieces() {
        assertThat(blocks.mayRequestAny()).isFalse();
        assertThat(blocks.mayRequest(block(1))).isFalse();

        probe.advice.allow(1);

        assertThat(blocks.mayRequestAny()).isTrue();
        assertThat(blocks.mayRequest(block(1))).isTrue();
        assertThat(blocks.mayRequest(block(2))).isFalse();
    }

    @Test
    void unchokeAllowsEveryPiece() {
        probe.unchoke();

        assertThat(blocks.mayRequestAny()).isTrue();
        assertThat(blocks.mayRequest(block(2))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0, 9", "1, 1", "2, 1", "50, 49"})
    void queueOfThePeerKeepsOnePlaceFreeButNeverAll(int told, int room) {
        probe.advice.requestQueue(told);

        assertThat(blocks.roomAtPeer()).isEqualTo(room);
    }

    @Test
    void singleRequestsUseThePlacesOfDownloads() {
        probe.unchoke();
        blocks.request(block(1)).subscribe(Block::release, error -> {});
        blocks.request(block(2)).subscribe(Block::release, error -> {});

        assertThat(blocks.roomAtPeer()).isEqualTo(7);
    }
}
