/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmHost;
import reactor.core.Disposable;

/** A hybrid torrent (BEP 52) that is begun with its version 1 hash is announced with both once its metadata is known. */
class HybridMagnetTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Torrent torrent = Torrent.fromInfo(("d9:file treed1:ad0:d6:lengthi5e11:pieces root32:"
                    + "r".repeat(32) + "eee6:lengthi5e12:meta versioni2e4:name1:a12:piece lengthi16384e6:pieces20:"
                    + "a".repeat(20) + "e")
            .getBytes(StandardCharsets.ISO_8859_1));

    @Test
    void theSecondHashIsToldWhenTheMetadataIsKnown() {
        InfoHash v1 = Objects.requireNonNull(torrent.hashes().v1());
        InfoHash v2 = Objects.requireNonNull(torrent.hashes().v2()).truncated();
        SwarmHost host = Objects.requireNonNull(
                SwarmHost.create().listen("127.0.0.1", 0).bind().block(LIMIT));
        Swarm seed = Swarm.of(torrent).host(host).connect();
        Disposable seeding = seed.events().subscribe();
        Swarm swarm = Swarm.of(InfoHashes.of(v1)).connect();

        List<InfoHash> hashes = SwarmHashes.of(swarm)
                .doOnNext(hash -> swarm.add(host.address().orElseThrow()))
                .take(2)
                .collectList()
                .block(LIMIT);

        assertThat(hashes).containsExactly(v1, v2);
        assertThat(SwarmHashes.of(swarm).take(2).collectList().block(LIMIT)).containsExactly(v1, v2);
        swarm.close().block(LIMIT);
        seed.close().block(LIMIT);
        host.close().block(LIMIT);
        seeding.dispose();
    }
}
