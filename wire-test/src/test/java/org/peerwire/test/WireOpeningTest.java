/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Peers.PEER_ID;
import static org.peerwire.test.Peers.TORRENT;
import static org.peerwire.test.Peers.alice;
import static org.peerwire.test.Peers.bob;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.LocalPeer;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireServer;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.util.context.Context;

/** Tests the opening of a wire, and errors of our own side during it. */
class WireOpeningTest {

    private static final Extension FAILING = new Extension() {
        @Override
        public String name() {
            return "xx_failing";
        }

        @Override
        public void advertise(ExtendedHandshake.Builder mine) {
            throw new IllegalStateException("no metadata yet");
        }
    };

    private static LocalPeer withManyExtensions() {
        LocalPeer self = alice();
        for (int i = 0; i < 256; i++) {
            self = self.withExtension(Extension.named("xx_" + i));
        }
        return self;
    }

    // An application may dial several peers and keep the first that answers.
    @Test
    void wireThatHasBeenEmittedOutlivesTheSubscriptionToIt() {
        MemoryChannel near = MemoryChannel.withReactorNetty(RawPeer.ADDRESS, RawPeer.SERVER);
        MemoryChannel far = MemoryChannel.withReactorNetty(RawPeer.SERVER, RawPeer.ADDRESS);
        MemoryChannel.connect(near, far);
        List<Wire> taken = new ArrayList<>();
        WireServer.create()
                .admit((theirs, from) -> Mono.just(bob()))
                .over(far.connection())
                .subscribe();

        Flux.merge(WireClient.create().over(near.connection(), alice()), Mono.never())
                .next()
                .subscribe(taken::add);

        assertThat(taken).hasSize(1);
        assertThat(taken.get(0).isDisposed()).isFalse();
        taken.get(0).dispose();
    }

    private static final class Dial {
        final List<Throwable> dropped = new ArrayList<>();
        final MemoryChannel near = MemoryChannel.withReactorNetty(RawPeer.ADDRESS, RawPeer.SERVER);
        final Disposable subscription;

        Dial() {
            MemoryChannel.connect(
                    near,
                    MemoryChannel.withHandler(
                            RawPeer.SERVER, RawPeer.ADDRESS, new SimpleChannelInboundHandler<ByteBuf>() {
                                @Override
                                protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {}
                            }));
            Consumer<Throwable> onDropped = dropped::add;
            subscription = WireClient.create()
                    .over(near.connection(), alice())
                    .contextWrite(Context.of("reactor.onErrorDropped.local", onDropped))
                    .subscribe();
        }
    }

    @Test
    void cancellingBeforeTheAnswerClosesAndDropsNoError() {
        Dial dial = new Dial();

        dial.subscription.dispose();

        assertThat(dial.near.isOpen()).isFalse();
        assertThat(dial.dropped).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void extensionThatCannotAdvertiseFailsTheOpening(Role role) {
        ScriptedPeer peer = role.peer(alice().withExtension(FAILING)).handshake(Features.DEFAULT);

        peer.advance(Duration.ofSeconds(20));

        assertThat(peer.isClosed()).isTrue();
        assertThat(peer.failure()).isNotNull().hasStackTraceContaining("no metadata yet");
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void moreExtensionsThanThereAreNumbersAreRefusedOrFailTheOpening(Role role) {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        try {
            ScriptedPeer peer = role.peer(withManyExtensions()).handshake(Features.DEFAULT);
            peer.advance(Duration.ofSeconds(20));
            failure.set(peer.failure());
        } catch (IllegalArgumentException e) {
            failure.set(e);
        }

        assertThat(failure.get()).isNotNull();
    }

    @Test
    void admissionWithoutAnAnswerObjectClosesTheConnection() {
        RawPeer peer = new RawPeer((theirs, from) -> nothing());

        peer.send(new Handshake(Features.DEFAULT, TORRENT, PEER_ID), "");

        assertThat(peer.failure).isNotNull();
        assertThat(peer.closed).isTrue();
        assertThat(peer.received()).isEmpty();
    }

    /** The invalid results of an admission. */
    @SuppressWarnings({"NullAway", "DataFlowIssue"})
    private static Mono<LocalPeer> nothing() {
        return null;
    }

    @Test
    void handlerThatThrowsClosesItsWire() {
        DisposableServer server = WireServer.create()
                .host("127.0.0.1")
                .port(0)
                .admit((theirs, from) -> Mono.just(bob()))
                .handle(wire -> {
                    throw new IllegalStateException("a bug of the application");
                })
                .bindNow();
        try {
            Wire wire = WireClient.create().connect(server.address(), alice()).block(Duration.ofSeconds(10));
            assertThat(wire).isNotNull();

            wire.onClose().onErrorComplete().block(Duration.ofSeconds(5));

            assertThat(wire.isDisposed()).isTrue();
        } finally {
            server.disposeNow();
        }
    }
}
