/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.SHAPE;
import static org.peerwire.test.Fixture.answer;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.reason;
import static org.peerwire.test.Fixture.request;
import static org.peerwire.test.Fixture.unchoking;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.ConnectionException;
import org.peerwire.Features;
import org.peerwire.Ignored;
import org.peerwire.RequestException;
import org.peerwire.RequestException.Reason;
import org.peerwire.RequestWindow;
import org.peerwire.TorrentShape;
import org.peerwire.WireLimits;
import org.peerwire.WireOptions;
import org.peerwire.extension.Extension;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Tests combinations of two correct features that meet rarely. */
class EdgeTest {
    private static final BlockRequest A = block(0, 0);
    private static final BlockRequest B = block(0, 1);

    private static RequestWindow window() {
        return RequestWindow.fixed(10);
    }

    @Test
    void anExtensionThatFailsToTellItsLimitFailsTheOpening() {
        Extension failing = new Extension() {
            @Override
            public String name() {
                return "xx_failing";
            }

            @Override
            public int maxMessageLength() {
                throw new IllegalStateException("no limit yet");
            }
        };

        ScriptedPeer peer = peer(SELF.withExtension(failing), Features.DEFAULT);

        assertThat(peer.failure()).hasMessage("no limit yet");
        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void aRequestThatCannotBeWrittenTimesOutToo() {
        ScriptedPeer peer = unchoking(PLAIN);
        Fixture.clog(peer);
        Recorder<Block> waiting = Recorder.of(peer.wire().blocks().request(A));

        for (int second = 0; second < 61; second++) {
            peer.send(new Message.Have(second % 10)).advance(Duration.ofSeconds(1));
        }

        assertThat(reason(waiting)).isEqualTo(Reason.TIMED_OUT);
        assertThat(Fixture.unclog(peer)).doesNotContain(request(A));
        peer.dispose();
    }

    @Test
    void aBlockNamedTwiceFailsOnceAndComesOnce() {
        ScriptedPeer peer = unchoking(PLAIN);
        List<RequestException> failures = new ArrayList<>();
        Recorder<Block> got = Recorder.of(peer.wire().blocks().download(Flux.just(A, A), window(), (block, failure) -> {
            failures.add(failure);
            return Mono.empty();
        }));

        assertThat(failures).extracting(RequestException::reason).containsExactly(Reason.DUPLICATE);
        assertThat(got.hasEnded()).isFalse();
        peer.send(answer(A));

        assertThat(got.values()).extracting(Block::request).containsExactly(A);
        assertThat(got.hasEnded()).isTrue();
        peer.dispose();
    }

    @Test
    void aWayOnThatIsNullFailsTheDownload() {
        ScriptedPeer peer = unchoking(FAST);
        Recorder<Block> got =
                Recorder.of(peer.wire().blocks().download(Flux.just(A, B), window(), (block, failure) -> null));

        peer.send(Fixture.reject(A));

        assertThat(got.error()).isInstanceOf(NullPointerException.class);
        peer.dispose();
    }

    @Test
    void bitfieldsFillTheQueueOfASubscriberToo() {
        ScriptedPeer peer = peer(Fixture.UNSHAPED, PLAIN);
        peer.wire().inbound().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription s) {
                // requests nothing
            }
        });
        PieceSet large = PieceSet.all(8 * 200_000);

        for (int i = 0; i < 20; i++) {
            peer.send(new Message.Bitfield(large));
        }

        assertThat(peer.wire().stats().messagesIn()).isLessThan(10);
        peer.dispose();
    }

    @Test
    void aDownloadThatIsCancelledWhileItSubscribesLeavesItsSource() {
        ScriptedPeer peer = unchoking(PLAIN);
        List<String> signals = new ArrayList<>();
        Flux<BlockRequest> source =
                Flux.just(A).doOnRequest(n -> signals.add("request")).doOnCancel(() -> signals.add("cancel"));

        peer.wire().blocks().download(source).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription s) {
                s.cancel();
            }
        });
        peer.advance(Duration.ofSeconds(2));

        assertThat(signals).containsExactly("cancel");
        peer.dispose();
    }

    @Test
    void repeatsDoNotUseUpWhatIsAllowedFast() {
        ScriptedPeer peer = peer(SELF, FAST, options -> options.allowedFastPieces(10));
        Serving serving = Serving.on(peer);
        for (int i = 0; i < 20; i++) {
            peer.send(request(A));
        }
        peer.send(request(B));

        assertThat(serving.asked()).containsExactly(A, B);
        assertThat(peer.wire().stats().ignored(Ignored.CHOKED_REQUEST)).isZero();
        peer.dispose();
    }

    @Test
    void whatAPrivateTorrentForbidsCannotBeBroughtBack() {
        Extension forbidden = new Extension() {
            @Override
            public String name() {
                return "xx_public";
            }

            @Override
            public boolean allowedInPrivateTorrents() {
                return false;
            }
        };
        ScriptedPeer peer = peer(
                Fixture.UNSHAPED
                        .withExtension(forbidden)
                        .withShape(new TorrentShape(SHAPE.length(), SHAPE.pieceLength(), true)),
                Features.DEFAULT);
        peer.received();

        assertThat(Peers.failureOf(peer.wire().readvertise(mine -> mine.enable("xx_public"))))
                .hasMessageContaining("must not be used in a private torrent");
        peer.expectNothing();
        peer.dispose();
    }

    @Test
    void whatEndedTheWireIsToldToThoseWhoWaited() {
        ScriptedPeer peer = unchoking(PLAIN);
        Recorder<Block> got = Recorder.of(peer.wire().blocks().download(Flux.just(A)));

        peer.reset();

        assertThat(got.error()).isInstanceOf(ConnectionException.class).hasMessageContaining("reset");
        peer.dispose();
    }

    @Test
    void aShapeThatNoFieldCanCountIsRefused() {
        assertThatThrownBy(() -> TorrentShape.of(Long.MAX_VALUE, 16_384)).isInstanceOf(IllegalArgumentException.class);
        assertThat(TorrentShape.of((long) Integer.MAX_VALUE * 16_384, 16_384).pieceCount())
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void optionsThatCannotWorkAreRefused() {
        assertThatThrownBy(() -> WireOptions.builder().idleTimeout(Duration.ofSeconds(Long.MAX_VALUE)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WireOptions.builder().requestTimeout(Duration.ofNanos(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WireLimits.builder().maxMessageLength(1024).build())
                .hasMessageContaining("maxMessageLength must be 16393 or more");
    }
}
