/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.BLOCK;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.OTHER;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.answer;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.blocks;
import static org.peerwire.test.Fixture.bytes;
import static org.peerwire.test.Fixture.cancel;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.reason;
import static org.peerwire.test.Fixture.reject;
import static org.peerwire.test.Fixture.request;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.Features;
import org.peerwire.LocalPeer;
import org.peerwire.RequestException.Reason;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class UploadTest {

    // with a low water mark of zero bytes, a channel that was full once is never writable again
    @Test
    void aWireWithTheSmallestUploadBufferIsNotSilenced() {
        ScriptedPeer peer = peer(SELF, Features.DEFAULT, options -> options.uploadBuffer(BlockRequest.BLOCK_LENGTH));

        peer.wire().outbound().send(Flux.range(0, 3).map(Message.Have::new)).subscribe();

        assertThat(peer.received()).hasSize(4);
        peer.dispose();
    }

    private static final BlockRequest A = block(0, 0);
    private static final BlockRequest B = block(0, 1);
    private static final BlockRequest C = block(1, 0);
    private static final BlockRequest LAST = block(9, 2);

    /** Options without allowed-fast pieces. */
    private static ScriptedPeer plainPeer(Features features) {
        return peer(SELF, features, options -> options.allowedFastPieces(0));
    }

    @Test
    void requestsAreAnsweredInTheirOrder() {
        ScriptedPeer peer = Serving.atOnce(plainPeer(PLAIN));

        peer.send(request(A), request(C), request(LAST), request(B));

        assertThat(peer.received()).containsExactly(answer(A), answer(C), answer(LAST), answer(B));
        assertThat(peer.wire().stats().payloadOut()).isEqualTo(3L * BLOCK + 5_000);
        assertThat(peer.wire().stats().uploadsQueued()).isZero();
        assertThat(peer.wire().stats().uploadBytesHeld()).isZero();
        peer.dispose();
    }

    @Test
    void requestsThatCameBeforeServeAreAnsweredThen() {
        ScriptedPeer peer = plainPeer(FAST);
        peer.wire().outbound().tryEmit(new Message.Unchoke());
        peer.send(request(A)).expect(new Message.Unchoke()).expectNothing();

        peer.wire().blocks().serve(block -> Mono.just(bytes(block))).subscribe();

        peer.expect(answer(A)).expectNothing().dispose();
    }

    // case 45
    @Test
    void ourChokeRejectsEveryQueuedRequestAndTheRequesterSeesIt() {
        LocalPeer server = OTHER;
        WirePair pair = WirePair.builder(SELF, server)
                .responderOptions(options -> options.allowedFastPieces(0))
                .open();
        Wire wire = pair.responder();
        Serving serving = new Serving();
        wire.outbound().tryEmit(new Message.Unchoke());
        wire.blocks().serve(serving).subscribe();
        List<Recorder<Block>> asked = blocks(5).stream()
                .map(block -> Recorder.of(pair.initiator().blocks().request(block)))
                .toList();

        wire.outbound().tryEmit(new Message.Choke());

        assertThat(asked).allMatch(recorder -> reason(recorder) == Reason.REJECTED);
        assertThat(serving.cancelled()).containsExactlyElementsOf(blocks(5));
        assertThat(wire.stats().uploadsQueued()).isZero();
        assertThat(wire.stats().uploadBytesHeld()).isZero();
        pair.dispose();
    }

    // case 45
    @Test
    void ourChokeComesBeforeItsRejects() {
        ScriptedPeer peer = plainPeer(FAST);
        Serving.on(peer);
        peer.send(request(A), request(B));

        peer.wire().outbound().tryEmit(new Message.Choke());

        assertThat(peer.received()).containsExactly(new Message.Choke(), reject(A), reject(B));
        peer.dispose();
    }

    @Test
    void withoutFastOurChokeDropsTheQueueSilently() {
        ScriptedPeer peer = plainPeer(PLAIN);
        Serving serving = Serving.on(peer);
        peer.send(request(A), request(B));

        peer.wire().outbound().tryEmit(new Message.Choke());

        peer.expect(new Message.Choke()).expectNothing();
        assertThat(serving.cancelled()).containsExactly(A, B);
        assertThat(peer.wire().stats().uploadsQueued()).isZero();
        peer.dispose();
    }

    // case 46
    @Test
    void ourChokeDoesNotRejectAllowedFastPieces() {
        ScriptedPeer peer = plainPeer(FAST);
        Serving serving = Serving.on(peer);
        peer.wire().outbound().tryEmit(new Message.AllowedFast(0));
        peer.send(request(A), request(C)).expect(new Message.AllowedFast(0));

        peer.wire().outbound().tryEmit(new Message.Choke());
        assertThat(peer.received()).containsExactly(new Message.Choke(), reject(C));
        serving.answer(A);

        peer.expect(answer(A)).expectNothing().dispose();
    }

    // case 47
    @Test
    void aRequestTheSourceRefusesBecomesAReject() {
        ScriptedPeer peer = plainPeer(FAST);
        Serving serving = Serving.on(peer);
        peer.send(request(A), request(B));

        serving.refuse(A);
        peer.expect(reject(A)).expectNothing();
        serving.answer(B);
        peer.expect(answer(B)).dispose();

        ScriptedPeer old = plainPeer(PLAIN);
        Serving refusing = Serving.on(old);
        old.send(request(A));
        refusing.refuse(A);
        old.expectNothing();
        assertThat(old.wire().stats().uploadsQueued()).isZero();
        assertThat(old.wire().stats().uploadBytesHeld()).isZero();
        old.dispose();
    }

    @Test
    void aCancelRemovesTheRequestAndItsReadAndIsAnsweredUnderFast() {
        ScriptedPeer peer = plainPeer(FAST);
        Serving serving = Serving.on(peer);
        peer.send(request(A), request(B));

        peer.send(cancel(A));

        assertThat(serving.cancelled()).containsExactly(A);
        assertThat(peer.wire().stats().uploadsQueued()).isEqualTo(1);
        peer.expect(reject(A)).expectNothing();
        serving.answer(B);
        peer.expect(answer(B)).expectNothing().dispose();
    }

    @Test
    void anAnswerSentManuallyEndsTheRequestAndItsRead() {
        ScriptedPeer peer = plainPeer(FAST);
        Serving serving = Serving.on(peer);
        peer.send(request(A), request(B), request(C));

        peer.wire().outbound().tryEmit(answer(A));
        peer.wire().outbound().tryEmit(reject(B));

        peer.expect(answer(A)).expect(reject(B)).expectNothing();
        assertThat(serving.cancelled()).containsExactly(A, B);
        assertThat(peer.wire().stats().uploadsQueued()).isEqualTo(1);
        peer.dispose();
    }

    @Test
    void stoppingToServeRejectsWhatIsQueued() {
        ScriptedPeer peer = plainPeer(FAST);
        Serving serving = new Serving();
        peer.wire().outbound().tryEmit(new Message.Unchoke());
        Recorder<Void> served = Recorder.of(peer.wire().blocks().serve(serving));
        peer.send(request(A)).expect(new Message.Unchoke());

        served.cancel();

        peer.expect(reject(A)).expectNothing();
        assertThat(serving.cancelled()).containsExactly(A);
        peer.dispose();
    }

    @Test
    void onlyOneMayServeAtATime() {
        ScriptedPeer peer = Serving.atOnce(plainPeer(FAST));

        assertThat(Recorder.of(peer.wire().blocks().serve(block -> Mono.empty()))
                        .error())
                .isInstanceOf(IllegalStateException.class);
        peer.send(request(A)).expect(answer(A)).dispose();
    }

    @Test
    void aCancelMakesRoomForTheNextRead() {
        ScriptedPeer peer = peer(SELF, PLAIN, options -> options.uploadBuffer(2 * BLOCK));
        Serving serving = Serving.on(peer);
        blocks(5).forEach(block -> peer.send(request(block)));
        int first = serving.asked().size();
        assertThat(first).isLessThan(5);

        peer.send(cancel(A));

        assertThat(serving.asked()).hasSize(first + 1);
        peer.dispose();
    }

    @Test
    void dontHaveMakesRoomForTheNextRead() {
        ScriptedPeer peer = peer(SELF, PLAIN, options -> options.uploadBuffer(2 * BLOCK));
        Serving serving = Serving.on(peer);
        blocks(5).forEach(block -> peer.send(request(block)));

        peer.wire().dontHave(0).subscribe();
        peer.advance(Duration.ofSeconds(5));

        assertThat(serving.asked()).contains(block(1, 0));
        peer.dispose();
    }
}
