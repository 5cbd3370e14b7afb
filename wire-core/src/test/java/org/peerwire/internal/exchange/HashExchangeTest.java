/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.Ignored;
import org.peerwire.ProtocolException;
import org.peerwire.message.HashRange;
import org.peerwire.message.MerkleRoot;
import org.peerwire.message.Message;

/** Hash messages (BEP 52) with at most 512 hashes in a message. */
class HashExchangeTest {
    private static final MerkleRoot ROOT = MerkleRoot.of(new byte[32]);

    private final ExchangeProbe probe = new ExchangeProbe(true);
    private final HashExchange hashes = new HashExchange(512, probe.anomalies, probe.queue);

    @AfterEach
    void nothingIsLeaked() {
        probe.endWithoutLeak();
    }

    private static HashRange range(int baseLayer, int index, int length, int proofLayers) {
        return new HashRange(ROOT, baseLayer, index, length, proofLayers);
    }

    private static Message.Hashes answer(HashRange range, int count) {
        return new Message.Hashes(range, Unpooled.buffer().writeZero(32 * count));
    }

    private ProtocolException.Reason violation(Message message) {
        return catchThrowableOfType(ProtocolException.class, () -> hashes.onMessage(message))
                .reason();
    }

    // ---- requests of the peer ----

    @ParameterizedTest
    @CsvSource({"0, 0, 2, 0", "0, 0, 512, 0", "0, 512, 512, 63", "62, 0, 2, 1", "54, 0, 512, 0", "0, -2, 2, 0"})
    void requestForARangeOfSomeTreeIsShown(int baseLayer, int index, int length, int proofLayers) {
        assertThat(hashes.onMessage(new Message.HashRequest(range(baseLayer, index, length, proofLayers))))
                .isTrue();
        assertThat(probe.written()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, 0",
        "0, 0, 1, 0",
        "0, 0, 3, 0",
        "0, 0, 1024, 0",
        "0, 0, -2, 0",
        "0, 1, 2, 0",
        "63, 0, 2, 0",
        "0, 0, 2, 64",
        "32, 0, 2, 32",
        "-1, 0, 2, 0",
        "0, 0, 2, -1"
    })
    void requestThatNoTreeCanAnswerIsRejectedAndNotShown(int baseLayer, int index, int length, int proofLayers) {
        HashRange range = range(baseLayer, index, length, proofLayers);

        assertThat(hashes.onMessage(new Message.HashRequest(range))).isFalse();

        assertThat(probe.written()).containsExactly(new Message.HashReject(range));
        assertThat(probe.ignored(Ignored.INVALID_HASH_REQUEST)).isEqualTo(1);
    }

    // ---- answers to requests of ours ----

    @ParameterizedTest
    @CsvSource({
        // of two hashes the parent is known: no layer of the proof repeats it
        "2, 0, 2",
        "2, 1, 3",
        "2, 5, 7",
        // of 512 hashes eight layers above are known
        "512, 8, 512",
        "512, 9, 513",
        "512, 0, 512"
    })
    void answerHasTheHashesAndTheirProof(int length, int proofLayers, int count) {
        HashRange range = range(0, 0, length, proofLayers);
        hashes.onAsked(range);

        assertThat(hashes.onMessage(answer(range, count))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1", "3", "0"})
    void answerWithAnotherNumberOfHashesIsAViolation(int count) {
        HashRange range = range(0, 0, 2, 0);
        hashes.onAsked(range);

        assertThat(violation(answer(range, count))).isEqualTo(ProtocolException.Reason.LENGTH);
    }

    @Test
    void answerToNoRequestIsAViolation() {
        hashes.onAsked(range(0, 0, 2, 0));

        assertThat(violation(answer(range(0, 2, 2, 0), 2))).isEqualTo(ProtocolException.Reason.UNEXPECTED);
        assertThat(violation(new Message.HashReject(range(1, 0, 2, 0)))).isEqualTo(ProtocolException.Reason.UNEXPECTED);
    }

    @Test
    void requestHasOneAnswer() {
        HashRange range = range(0, 0, 2, 0);
        hashes.onAsked(range);
        hashes.onMessage(answer(range, 2));

        assertThat(violation(new Message.HashReject(range))).isEqualTo(ProtocolException.Reason.UNEXPECTED);
    }

    @Test
    void rejectAnswersARequest() {
        HashRange range = range(0, 0, 2, 0);
        hashes.onAsked(range);

        assertThat(hashes.onMessage(new Message.HashReject(range))).isTrue();
    }

    @Test
    void rangeThatIsAskedForTwiceMayBeAnsweredTwice() {
        HashRange range = range(0, 0, 2, 0);
        hashes.onAsked(range);
        hashes.onAsked(range);

        assertThat(hashes.onMessage(answer(range, 2))).isTrue();
        assertThat(hashes.onMessage(answer(range, 2))).isTrue();
    }
}
