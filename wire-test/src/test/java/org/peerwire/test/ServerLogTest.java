/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.OTHER;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.request;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.Admission;
import org.peerwire.BlockSource;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerFault;
import org.peerwire.Wire;
import org.peerwire.WireServer;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** Tests that failures of the application are logged once, with their cause, and those of peers are not. */
class ServerLogTest {
    private static final Duration SOON = Duration.ofSeconds(3);
    private static final IllegalStateException BUG = new IllegalStateException("a bug of the application");

    private final LogRecorder log = LogRecorder.start();

    @AfterEach
    void stopRecording() {
        log.close();
    }

    /** The ways a handler can fail, all on the event loop. */
    enum Handler {
        THROWS(wire -> {
            throw BUG;
        }),
        RETURNS_NULL(wire -> nothing()),
        FAILS_AT_ONCE(wire -> Mono.error(BUG)),
        FAILS_AFTER_A_WRITE(wire -> wire.outbound().send(new Message.Unchoke()).then(Mono.error(BUG))),
        FAILS_AFTER_A_MESSAGE(wire -> wire.inbound().flatMap(message -> Mono.error(BUG))),
        FAILS_LINKING(wire -> {
            throw new NoSuchFieldError("a bug of the application");
        });

        final Function<Wire, Publisher<Void>> handler;

        Handler(Function<Wire, Publisher<Void>> handler) {
            this.handler = handler;
        }
    }

    /** The ways an admission can fail. */
    enum Refusal {
        THROWS((theirs, from) -> {
            throw BUG;
        }),
        RETURNS_NULL((theirs, from) -> nothing()),
        FAILS((theirs, from) -> Mono.error(BUG)),
        ANSWERS_FOR_ANOTHER_TORRENT(
                (theirs, from) -> Mono.just(LocalPeer.of(InfoHash.of(new byte[20]), OTHER.peerId())));

        final Admission admission;

        Refusal(Admission admission) {
            this.admission = admission;
        }
    }

    @SuppressWarnings({"NullAway", "DataFlowIssue"})
    private static <T> T nothing() {
        return null;
    }

    @ParameterizedTest
    @EnumSource(Handler.class)
    void aHandlerThatFailsIsLoggedAsAnErrorWithItsCause(Handler handler) {
        connect(WireServer.create().admit((theirs, from) -> Mono.just(OTHER)).handle(handler.handler));

        LogRecord record = only(Level.SEVERE);
        if (handler == Handler.RETURNS_NULL) {
            assertThat(record.getThrown()).isInstanceOf(NullPointerException.class);
        } else {
            assertThat(record.getThrown()).hasMessage("a bug of the application");
        }
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void anAdmissionThatFailsIsLoggedAsAWarningWithItsCause(Refusal refusal) {
        connect(WireServer.create().admit(refusal.admission));

        LogRecord record = only(Level.WARNING);
        assertThat(record.getThrown()).isNotNull();
        assertThat(log.of(Level.SEVERE)).isEmpty();
    }

    @Test
    void aSourceThatFailsIsLoggedOnceWithItsCause() {
        BlockSource broken = block -> Mono.error(BUG);
        connect(WireServer.create().admit((theirs, from) -> Mono.just(OTHER)).handle(wire -> wire.outbound()
                .send(new Message.Unchoke())
                .then(wire.blocks().serve(broken))));

        assertThat(only(Level.SEVERE).getThrown()).isSameAs(BUG);
    }

    @Test
    void aSourceOfADialledWireThatFailsIsLoggedToo() {
        ScriptedPeer peer = peer(SELF, FAST);
        peer.wire().outbound().tryEmit(new Message.Unchoke());
        peer.wire().blocks().serve(block -> Mono.error(BUG)).subscribe(done -> {}, error -> {});

        peer.send(request(block(0, 0)));

        assertThat(only(Level.SEVERE).getThrown()).isSameAs(BUG);
        peer.dispose();
    }

    @Test
    void failuresOfPeersAreLoggedAtDebugLevel() {
        connect(WireServer.create()); // admits nobody

        assertThat(only(Level.FINE).getMessage()).contains("was not admitted");
        assertThat(log.of(Level.SEVERE)).isEmpty();
        assertThat(log.of(Level.WARNING)).isEmpty();
    }

    @Test
    void anExtensionThatThePeerFloodsIsLoggedAtDebugLevel() {
        class Flooded extends RuntimeException implements PeerFault {
            private static final long serialVersionUID = 1L;
        }
        connect(WireServer.create()
                .admit((theirs, from) -> Mono.just(OTHER))
                .handle(wire -> Mono.error(new Flooded())));

        assertThat(only(Level.FINE).getMessage()).contains("The handler of a wire has failed");
        assertThat(log.of(Level.SEVERE)).isEmpty();
    }

    @Test
    void bytesThatTlsRefusesAreLoggedAtDebugLevel() {
        connect(WireServer.create()
                .tcp(tcp -> tcp.doOnChannelInit(
                        (observer, channel, remote) -> channel.pipeline().addFirst(new ByteToMessageDecoder() {
                            @Override
                            protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
                                    throws SSLException {
                                in.skipBytes(in.readableBytes());
                                throw new SSLException("not an SSL/TLS record");
                            }
                        }))));

        assertThat(only(Level.FINE).getMessage()).contains("did not become a wire");
        assertThat(log.of(Level.SEVERE)).isEmpty();
    }

    /** Connects a peer that requests a block, and waits for the end of the connection. */
    private static void connect(WireServer server) {
        LocalPeer self = SELF;
        DisposableServer bound = server.host("127.0.0.1").port(0).bindNow();
        SocketPeer peer = SocketPeer.dialling((InetSocketAddress) bound.address(), self.infoHash());
        ByteBuf bytes = Unpooled.buffer();
        new Handshake(Features.DEFAULT, self.infoHash(), self.peerId()).writeTo(bytes);
        MessageCodec.encode(request(block(0, 0)), bytes);
        try {
            peer.send(bytes).expectClosed();
        } finally {
            peer.dispose();
            bound.disposeNow(SOON);
        }
    }

    private LogRecord only(Level level) {
        Flux.interval(Duration.ofMillis(1))
                .takeUntil(tick -> !log.of(level).isEmpty())
                .blockLast(SOON);
        assertThat(log.of(level)).hasSize(1);
        return log.of(level).get(0);
    }
}
