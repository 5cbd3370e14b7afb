/* SPDX-License-Identifier: MIT */
package org.peerwire.test.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.violation;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Features;
import org.peerwire.Ignored;
import org.peerwire.LocalPeer;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.WireLimits;
import org.peerwire.message.Feature;
import org.peerwire.message.HashRange;
import org.peerwire.message.MerkleRoot;
import org.peerwire.message.Message;
import org.peerwire.test.Fixture;
import org.peerwire.test.Peers;
import org.peerwire.test.Recorder;
import org.peerwire.test.ScriptedPeer;

/** Tests the messages of BEP 52 as far as they can be checked without the hash tree of the user. */
class HashAttackTest {
    private static final Features V2 = Features.of(Feature.V2_UPGRADE);
    private static final LocalPeer HYBRID = Fixture.SELF.withV2(Peers.TORRENT_V2);
    private static final MerkleRoot ROOT = MerkleRoot.of(new byte[32]);
    private static final MerkleRoot OTHER_ROOT = root(1);

    private static MerkleRoot root(int first) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) first;
        return MerkleRoot.of(bytes);
    }

    private static ScriptedPeer open(UnaryOperator<WireLimits.Builder> limits) {
        return peer(HYBRID, V2, options -> options.limits(limits));
    }

    private static ScriptedPeer open() {
        return open(limits -> limits);
    }

    private static HashRange range(int base, int index, int length, int proof) {
        return new HashRange(ROOT, base, index, length, proof);
    }

    private static Message.Hashes hashes(HashRange range, int count) {
        return new Message.Hashes(range, Unpooled.wrappedBuffer(new byte[32 * count]));
    }

    /** Returns a wire whose user has requested the range. */
    private static ScriptedPeer asking(HashRange range) {
        ScriptedPeer peer = open();
        peer.wire().outbound().tryEmit(new Message.HashRequest(range));
        return peer.expect(new Message.HashRequest(range));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, 0", // zero hashes
        "0, 0, 1, 0", // one hash, which is the root
        "0, 0, 3, 0", // not a power of two
        "0, 0, 1024, 0", // above the maximum that we answer
        "0, 0, -2147483648, 0",
        "0, 0, -1, 0",
        "0, 1, 2, 0", // not a multiple of the length
        "0, -1, 2, 0", // the same, with an overflow
        "0, 256, 512, 0",
        "63, 0, 2, 0", // deeper than any tree may be
        "-1, 0, 2, 0",
        "0, 0, 2, 64",
        "0, 0, 2, -1",
        "32, 0, 2, 32",
        "-2147483648, 0, 2, -2147483648" // the sum overflows
    })
    void a70_requestNoTreeCouldAnswerIsRejected(int base, int index, int length, int proof) {
        ScriptedPeer peer = open();
        Recorder<Message> inbound = Recorder.of(peer.wire().inbound());
        HashRange wrong = range(base, index, length, proof);

        peer.send(new Message.HashRequest(wrong))
                .expect(new Message.HashReject(wrong))
                .expectNothing();

        assertThat(inbound.values()).isEmpty();
        assertThat(peer.wire().stats().ignored(Ignored.INVALID_HASH_REQUEST)).isEqualTo(1);
        peer.dispose();
    }

    // the user with the tree answers, choked or not
    @ParameterizedTest
    @CsvSource({"0, 0, 2, 0", "0, 512, 512, 10", "0, -2, 2, 0", "5, 8, 8, 3", "62, 0, 2, 1", "31, 0, 2, 32"})
    void a70_requestSomeTreeCouldAnswerIsShown(int base, int index, int length, int proof) {
        ScriptedPeer peer = open();
        Recorder<Message> inbound = Recorder.of(peer.wire().inbound());
        Message asked = new Message.HashRequest(range(base, index, length, proof));

        peer.send(asked).expectNothing();

        assertThat(inbound.values()).containsExactly(asked);
        assertThat(peer.wire().stats().ignored()).isEmpty();
        peer.dispose();
    }

    @Test
    void a70_howManyHashesAreAnsweredIsAnOption() {
        HashRange large = range(0, 0, 8_192, 0);
        ScriptedPeer peer = open(limits -> limits.maxHashes(8_192)).send(new Message.HashRequest(large));
        peer.expectNothing().dispose();

        ScriptedPeer strict = open(limits -> limits.maxHashes(2)).send(new Message.HashRequest(range(0, 0, 4, 0)));
        strict.expect(new Message.HashReject(range(0, 0, 4, 0))).dispose();
    }

    @Test
    void a70_hundredImpossibleRequestsAreTolerated() {
        ScriptedPeer peer = open();
        HashRange wrong = range(0, 0, 0, 0);
        for (int i = 0; i < 100; i++) {
            peer.send(new Message.HashRequest(wrong)).expect(new Message.HashReject(wrong));
        }

        peer.send(new Message.HashRequest(wrong));

        assertThat(violation(peer)).isEqualTo(Reason.FLOOD);
    }

    // anacrolix/torrent PR 1054, libtorrent #8630: an answer without a request
    @Test
    void a71_answerToWhatWasNotAskedForClosesTheWire() {
        HashRange range = range(0, 0, 2, 0);
        for (Message answer : List.of(hashes(range, 2), new Message.HashReject(range))) {
            assertThat(violation(open().send(answer))).isEqualTo(Reason.UNEXPECTED);
        }
    }

    @Test
    void a71_answerIsShownOnceAndTheSecondClosesTheWire() {
        HashRange range = range(1, 4, 4, 3); // one of the three proof layers can be computed from the hashes
        for (Message answer : List.of(hashes(range, 6), new Message.HashReject(range))) {
            ScriptedPeer peer = asking(range);
            Recorder<Message> inbound = Recorder.of(peer.wire().inbound());

            peer.send(answer);
            assertThat(inbound.values()).containsExactly(answer);
            assertThat(peer.isClosed()).isFalse();

            peer.send(answer);
            assertThat(violation(peer)).isEqualTo(Reason.UNEXPECTED);
        }
    }

    @Test
    void a71_answerThatDiffersInOneFieldClosesTheWire() {
        List<HashRange> others =
                new ArrayList<>(List.of(range(0, 4, 4, 3), range(1, 0, 4, 3), range(1, 4, 2, 3), range(1, 4, 4, 2)));
        others.add(new HashRange(OTHER_ROOT, 1, 4, 4, 3));
        for (HashRange other : others) {
            assertThat(violation(asking(range(1, 4, 4, 3)).send(hashes(other, 6))))
                    .isEqualTo(Reason.UNEXPECTED);
            assertThat(violation(asking(range(1, 4, 4, 3)).send(new Message.HashReject(other))))
                    .isEqualTo(Reason.UNEXPECTED);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 5, 7})
    void a71_answerWithAnotherNumberOfHashesClosesTheWire(int count) {
        assertThat(violation(asking(range(1, 4, 4, 3)).send(hashes(range(1, 4, 4, 3), count))))
                .isEqualTo(Reason.LENGTH);
    }

    @ParameterizedTest
    @CsvSource({"2, 0, 2", "2, 1, 3", "4, 1, 4", "4, 2, 5", "512, 8, 512", "512, 10, 514"})
    void a71_proofIsWithoutTheLayersThatCanBeComputed(int length, int proof, int count) {
        ScriptedPeer peer = asking(range(0, 0, length, proof)).send(hashes(range(0, 0, length, proof), count));

        assertThat(peer.isClosed()).isFalse();
        peer.dispose();
    }
}
