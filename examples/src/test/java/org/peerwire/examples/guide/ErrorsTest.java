/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.peerwire.ConnectionException;
import org.peerwire.HandshakeException;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.ProtocolException;
import org.peerwire.RequestException;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireServer;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

/** The snippets of the chapter "Errors". */
class ErrorsTest {
    private final LocalPeer self = LocalPeer.of(InfoHash.parse("01".repeat(20)), PeerId.random());

    @Test
    void aPeerThatRefusesIsDialledAgain() {
        AtomicInteger admissions = new AtomicInteger();
        LocalPeer seed = LocalPeer.of(self.infoHash(), PeerId.random());
        DisposableServer server = WireServer.create()
                .host("127.0.0.1")
                .port(0)
                .admit((theirs, from) -> admissions.incrementAndGet() < 3 ? Mono.empty() : Mono.just(seed))
                .bindNow();

        StepVerifier.create(dial(server.address()).flatMap(Wire::close)).verifyComplete();

        // a client that prefers plaintext dials twice in each attempt, because the peer may want encryption
        assertThat(admissions).hasValue(3);
        server.disposeNow();
    }

    // tag::retry[]
    Mono<Wire> dial(SocketAddress peer) {
        return WireClient.create()
                .connect(peer, self)
                .retryWhen(Retry.backoff(5, Duration.ofMillis(100)).filter(ErrorsTest::mayBeRetried));
    }

    private static boolean mayBeRetried(Throwable failure) {
        if (failure instanceof HandshakeException handshake) {
            return switch (handshake.reason()) {
                case CLOSED, TIMED_OUT, BUSY -> true; // full, slow, or not listening to us now
                case NOT_BITTORRENT, ENCRYPTION, WRONG_INFO_HASH, WRONG_PEER_ID, NOT_ADMITTED, SELF -> false;
            };
        }
        if (failure instanceof ConnectionException connection) {
            return connection.reason() != ConnectionException.Reason.OVERFLOW;
        }
        return !(failure instanceof ProtocolException || failure instanceof RequestException);
    }
    // end::retry[]
}
