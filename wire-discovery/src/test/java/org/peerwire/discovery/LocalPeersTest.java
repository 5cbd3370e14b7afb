/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.pex.PeerEvent;
import reactor.core.publisher.Flux;

/** Local peers over real multicast sockets of this machine. Other programs may have theirs, so the hash is random. */
class LocalPeersTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final LocalPeersOptions options =
            LocalPeersOptions.builder().loopback(true).build();
    private final InfoHash hash =
            InfoHash.parse("%040x".formatted(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE)));

    @Test
    void twoProgramsOnOneMachineFindEachOther() {
        // one after the other, because it is not seen from outside when the listener has its sockets
        Flux<PeerEvent> announcers = Flux.interval(Duration.ofMillis(500))
                .flatMap(number -> LocalPeers.create(options).peers(hash, 4321).ignoreElements());

        PeerEvent found =
                LocalPeers.create(options).peers(hash, 0).mergeWith(announcers).blockFirst(SOON);

        assertThat(found).isInstanceOf(PeerEvent.Added.class);
        assertThat(found.peer().getPort()).isEqualTo(4321);
    }

    @Test
    void aPortIsChecked() {
        assertThatThrownBy(() -> LocalPeers.create().peers(hash, 65_536))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port must be 0 to 65535, was 65536");
        assertThatThrownBy(() -> LocalPeersOptions.builder().interval(Duration.ofSeconds(59)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("interval must be PT1M to PT24H, was PT59S");
    }
}
