/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.adding;
import static org.peerwire.pex.Peers.dropped;
import static org.peerwire.pex.Peers.dropping;
import static org.peerwire.pex.Peers.nth;
import static org.peerwire.pex.Wires.say;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.peerwire.ConnectionException;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.extension.Extension;
import org.peerwire.pex.PeerEvent.Added;
import org.peerwire.test.FakeWire;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

class UtPexTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final PexOptions options = PexOptions.builder().scheduler(time).build();
    private final FakeWire wire = Wires.dialled("81.2.69.142:6881", options);

    @Test
    void isUtPexWithin64KiBAndNotForPrivateTorrents() {
        Extension extension = UtPex.create();
        assertThat(extension.name()).isEqualTo("ut_pex");
        assertThat(extension.maxMessageLength()).isEqualTo(65_536);
        assertThat(extension.allowedInPrivateTorrents()).isFalse();
    }

    // ---- events ----

    @Test
    void eventsAreTheAdditionsAndDropsOfThePeer() {
        StepVerifier.create(UtPex.events(wire))
                .then(() -> say(wire, adding(added(1), added(2))))
                .expectNext(added(1), added(2))
                .then(() -> say(wire, dropping(nth(1), nth(3))))
                .expectNext(dropped(1))
                .then(wire::end)
                .verifyComplete();
        assertThat(count()).isEqualTo(Map.of(PexIgnored.UNKNOWN_DROP, 1L));
    }

    @Test // the sender's address decides
    void a42_thePolicySeesTheSender() {
        FakeWire local = Wires.accepted("127.0.0.1:40000", options);
        StepVerifier.create(UtPex.events(local))
                .then(() -> say(local, adding(added("127.0.0.1:7001"), added("127.0.0.1:7002"))))
                .expectNext(added("127.0.0.1:7001"), added("127.0.0.1:7002"))
                .thenCancel()
                .verify();
        StepVerifier.create(UtPex.events(wire))
                .then(() -> say(wire, adding(added("127.0.0.1:7001"))))
                .then(wire::end)
                .verifyComplete();
        assertThat(count()).isEqualTo(Map.of(PexIgnored.REFUSED, 1L));
    }

    @Test
    void ourOwnEndOfTheWireIsRefused() {
        InetSocketAddress self = Wires.SELF;
        StepVerifier.create(UtPex.events(wire))
                .then(() -> say(wire, adding(new Added(self), added(1))))
                .expectNext(added(1))
                .then(() -> say(wire, dropping(self)))
                .then(wire::end)
                .verifyComplete();
        assertThat(count()).isEqualTo(Map.of(PexIgnored.REFUSED, 1L, PexIgnored.UNKNOWN_DROP, 1L));
    }

    @Test
    void eventsFailWithTheErrorThatEndsTheWire() {
        StepVerifier.create(UtPex.events(wire))
                .then(() -> wire.fail(new ConnectionException(ConnectionException.Reason.FAILED, "reset")))
                .verifyError(ConnectionException.class);
    }

    @Test // case 93: a peer that sends messages nevertheless
    void a47_nothingIsEmittedInAPrivateTorrent() {
        FakeWire hidden = Wires.dialled("81.2.69.142:6881", Wires.self(options, new TorrentShape(1, 1, true)));
        StepVerifier.create(UtPex.events(hidden))
                .then(() -> say(hidden, adding(added(1))))
                .then(hidden::end)
                .verifyComplete();
    }

    @Test
    void eachSubscriberHasAMemoryOfItsOwn() {
        Flux<PeerEvent> events = UtPex.events(wire);
        List<PeerEvent> early = new ArrayList<>();
        events.subscribe(early::add);
        say(wire, adding(added(1)));
        StepVerifier.create(events)
                .then(() -> say(wire, adding(added(1))))
                .expectNext(added(1))
                .thenCancel()
                .verify();
        assertThat(early).containsExactly(added(1));
    }

    @Test
    void aWireWithoutTheExtensionIsRefused() {
        LocalPeer bare = LocalPeer.of(Wires.HASH, PeerId.random());
        assertThatIllegalArgumentException().isThrownBy(() -> UtPex.events(Wires.dialled("1.2.3.4:5", bare)));
        LocalPeer nameOnly = bare.withExtension(Extension.named(UtPex.NAME));
        assertThatIllegalArgumentException().isThrownBy(() -> UtPex.events(Wires.dialled("1.2.3.4:5", nameOnly)));
    }

    // ---- the pure transform ----

    @Test
    void decoderReadsBuffersBeforeItReturnsAndDoesNotReleaseThem() {
        ByteBuf pooled = ByteBufAllocator.DEFAULT
                .buffer()
                .writeBytes(adding(Peers.added(0, 3)).encode());
        TestPublisher<ByteBuf> source = TestPublisher.create();
        StepVerifier.create(source.flux().transform(UtPex.decoder(options)), 1)
                .then(() -> source.next(pooled))
                .expectNext(added(0))
                .then(() -> assertThat(pooled.release()).isTrue())
                .thenRequest(2)
                .expectNext(added(1), added(2))
                .then(source::complete)
                .verifyComplete();
    }

    @Test
    void decoderRequestsAMessageWhenTheLastOneIsTaken() {
        List<Long> requested = new ArrayList<>();
        Flux<ByteBuf> source = Flux.range(0, 4)
                .map(i -> adding(added(2 * i), added(2 * i + 1)).encode())
                .doOnRequest(requested::add);
        StepVerifier.create(source.transform(UtPex.decoder(options)), 0)
                .thenRequest(3)
                .expectNextCount(3)
                .then(() ->
                        assertThat(requested.stream().mapToLong(n -> n).sum()).isLessThanOrEqualTo(3))
                .thenRequest(5)
                .expectNextCount(5)
                .verifyComplete();
    }

    @Test
    void decoderTreatsTheSenderAsAPublicPeer() {
        StepVerifier.create(Flux.just(adding(added("10.0.0.1:6881"), added(1)).encode())
                        .transform(UtPex.decoder(options)))
                .expectNext(added(1))
                .verifyComplete();
    }

    @Test
    void a40_decoderFailsOnAFlood() {
        StepVerifier.create(
                        Flux.range(0, 100).map(i -> PexMessage.EMPTY.encode()).transform(UtPex.decoder(options)))
                .verifyError(PexException.class);
    }

    @Test // an hour of Transmission: one message at once, then one every 90 s
    void decoderFollowsVirtualTime() {
        Flux<ByteBuf> messages = Flux.range(0, 41).concatMap(i -> Mono.delay(Duration.ofSeconds(i == 0 ? 0 : 90), time)
                .map(t -> adding(added(i)).encode()));
        StepVerifier.withVirtualTime(() -> messages.transform(UtPex.decoder(options)), () -> time, Long.MAX_VALUE)
                .thenAwait(Duration.ofHours(1))
                .expectNextCount(41)
                .verifyComplete();
    }

    private Map<PexIgnored, Long> count() {
        return wire.local().extensions().stream()
                .map(UtPex.class::cast)
                .findAny()
                .orElseThrow()
                .ignored();
    }
}
