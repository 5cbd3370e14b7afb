/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.adding;
import static org.peerwire.pex.Peers.peer;

import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Wire;
import org.peerwire.test.FakeWire;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The Reactor context of a subscriber reaches everything that is subscribed to for it. */
class ContextTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final PexOptions options = PexOptions.builder().scheduler(time).build();
    private final ContextProbe probe = new ContextProbe();
    private final FakeWire fake =
            Wires.dialled("81.2.1.1:6881", Wires.self(options).withExtension(UtHolepunch.create(options)));
    private final Wire wire = probe.around(fake);

    @Test
    void reachesTheMessagesOfEvents() {
        assertReached(UtPex::events, "inbound");
    }

    @Test
    void reachesTheSourceOfADecoder() {
        assertReached(
                any -> probe.around("source", Flux.just(adding(added(1)).encode()))
                        .transform(UtPex.decoder(options)),
                "source");
    }

    @ParameterizedTest
    @ValueSource(strings = {"swarm", "inbound", "extendedHandshakes", "onClose", "send"})
    void reachesWhatAnAnnouncementSubscribesTo(String path) {
        Wires.introduce(fake);
        Flux<PeerEvent> swarm = probe.around("swarm", Flux.just(added(1)));
        assertReached(on -> UtPex.announce(on, swarm), path);
    }

    @Test
    void reachesTheMessagesOfConnects() {
        assertReached(UtHolepunch::connects, "inbound");
    }

    @ParameterizedTest
    @ValueSource(strings = {"inbound", "send"})
    void reachesWhatARendezvousSubscribesTo(String path) {
        Wires.introduce(fake);
        assertReached(on -> UtHolepunch.rendezvous(on, peer("81.2.2.2:6881")), path);
    }

    private void assertReached(Function<Wire, Publisher<?>> operator, String path) {
        Flux.from(operator.apply(wire))
                .contextWrite(context -> context.put(ContextProbe.KEY, "mine"))
                .subscribe();
        time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(probe.seen(path)).contains("mine");
    }
}
