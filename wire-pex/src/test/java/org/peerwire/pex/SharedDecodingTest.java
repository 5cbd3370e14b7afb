/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.adding;
import static org.peerwire.pex.Peers.nth;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.LocalPeer;
import org.peerwire.Wire;
import org.peerwire.test.WirePair;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Each message of a real wire is decoded and counted once for all subscribers. */
class SharedDecodingTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final PexOptions options = PexOptions.builder().scheduler(time).build();
    private final UtPex pex = UtPex.create(options);
    private final UtHolepunch holepunch = UtHolepunch.create(options);
    private final LocalPeer self = LocalPeer.of(Wires.HASH, Wires.self(options).peerId())
            .withExtension(pex)
            .withExtension(holepunch);
    private final WirePair pair = WirePair.builder(Wires.self(options).withExtension(UtHolepunch.create(options)), self)
            .clock(time)
            .addresses(nth(0), Wires.SELF)
            .open();
    private final Wire wire = pair.responder();
    private final List<PeerEvent> one = new ArrayList<>();
    private final List<PeerEvent> other = new ArrayList<>();

    @AfterEach
    void close() {
        pair.dispose();
    }

    private void listenToPex() {
        UtPex.events(wire).subscribe(one::add, error -> {});
        UtPex.events(wire).subscribe(other::add, error -> {});
        PexSwarm.create(options).join(wire);
        UtPex.announce(wire, Flux.never()).subscribe();
    }

    private void send(String extension, ByteBuf payload) {
        pair.initiator().extension(extension).send(payload).subscribe();
    }

    private static ByteBuf withTrailingByte(ByteBuf payload) {
        return Unpooled.wrappedBuffer(payload, Unpooled.wrappedBuffer(new byte[1]));
    }

    @Test
    void aPexMessageIsDecodedOnceForEventsSwarmAndAnnouncement() {
        listenToPex();

        send(UtPex.NAME, withTrailingByte(adding(added(1)).encode()));

        assertThat(one).isEqualTo(other).containsExactly(added(1));
        assertThat(pex.ignored()).isEqualTo(Map.of(PexIgnored.TRAILING_BYTES, 1L));
    }

    @Test
    void allSubscribersGetTheSameDecodedMessage() {
        PexInbox inbox = new PexInbox(wire, wire.extension(UtPex.NAME), options, reason -> {});
        List<PexMessage> messages = new ArrayList<>();
        inbox.messages().subscribe(messages::add);
        inbox.messages().subscribe(messages::add);

        send(UtPex.NAME, adding(added(1)).encode());

        assertThat(messages).hasSize(2);
        assertThat(messages.get(0)).isSameAs(messages.get(1));
    }

    @Test
    void aPexMessageOverTheRateIsCountedOnce() {
        listenToPex();
        for (int i = 0; i < 5; i++) {
            send(UtPex.NAME, PexMessage.EMPTY.encode());
        }
        assertThat(pex.ignored()).isEqualTo(Map.of(PexIgnored.TOO_OFTEN, 1L));
    }

    @Test
    void theRateIsMeasuredAtTheArrivalOfAMessage() {
        List<PeerEvent> slow = new ArrayList<>();
        SlowSubscriber<PeerEvent> subscriber = new SlowSubscriber<>(slow::add);
        UtPex.events(wire).subscribe(subscriber);
        for (int i = 0; i < 20; i++) {
            send(UtPex.NAME, adding(added(1 + i)).encode());
            time.advanceTimeBy(Duration.ofSeconds(60));
        }
        subscriber.request(100);

        assertThat(slow).hasSize(20);
        assertThat(pex.ignored()).isEmpty();
        assertThat(wire.isDisposed()).isFalse();
    }

    @Test
    void aHolepunchMessageIsDecodedOnceForAllThatListen() {
        List<InetSocketAddress> connects = new ArrayList<>();
        UtHolepunch.connects(wire).subscribe(connects::add);
        UtHolepunch.connects(wire).subscribe(connects::add);
        UtHolepunch.rendezvous(wire, nth(2)).onErrorComplete().subscribe();
        HolepunchRelay.create(options).join(wire);

        send(UtHolepunch.NAME, withTrailingByte(HolepunchMessage.connect(nth(1)).encode()));
        send(UtHolepunch.NAME, Unpooled.wrappedBuffer(new byte[] {9, 9, 9}));

        assertThat(connects).containsExactly(nth(1), nth(1));
        assertThat(holepunch.ignored())
                .isEqualTo(Map.of(HolepunchIgnored.TRAILING_BYTES, 1L, HolepunchIgnored.MALFORMED, 1L));
    }
}
