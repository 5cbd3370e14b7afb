/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.peerwire.Features;
import org.peerwire.Ignored;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.ProtocolException;
import org.peerwire.Tolerance;
import org.peerwire.WireOptions;
import org.peerwire.test.ScriptedPeer;
import reactor.test.StepVerifier;

/** The snippet of the chapter "Limits and hostile peers". */
class LimitsTest {
    // tag::limits[]
    private final WireOptions strict = WireOptions.builder()
            .idleTimeout(Duration.ofSeconds(60))
            .limits(limits -> limits.maxQueuedUploads(100)
                    .tolerance(Ignored.UNKNOWN_MESSAGE, Tolerance.NONE)
                    .tolerance(Ignored.CHOKED_REQUEST, Tolerance.of(10, Duration.ofMinutes(1))))
            .build();
    // end::limits[]

    private final LocalPeer self = LocalPeer.of(InfoHash.parse("01".repeat(20)), PeerId.random());

    @Test
    void aPeerOverAToleranceIsClosed() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(self, options -> options.limits(strict.limits()), wire -> {})
                .handshake(Features.DEFAULT);

        StepVerifier.create(peer.wire().onClose())
                .then(() -> peer.sendHex("00000001 63")) // an unknown message
                .expectErrorSatisfies(failure -> assertThat(failure).isInstanceOf(ProtocolException.class))
                .verify();
    }
}
