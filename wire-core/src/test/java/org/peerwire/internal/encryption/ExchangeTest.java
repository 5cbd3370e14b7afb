/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.EncryptionMethod.PLAINTEXT;
import static org.peerwire.EncryptionMethod.RC4;
import static org.peerwire.internal.encryption.Vector.fixed;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.EncryptionKeys;
import org.peerwire.EncryptionMethod;
import org.peerwire.InfoHash;
import org.peerwire.internal.encryption.Exchange.Outcome;

class ExchangeTest {
    private static final byte[] NONE = {};
    private static final EncryptionKeys KEYS = EncryptionKeys.of(Vector.SKEY);

    private static Side initiator(List<EncryptionMethod> offered, byte[] payload, byte[] padA, byte[] padC) {
        return new Side(new Initiator(Vector.SKEY, offered, payload, fixed(Vector.XA, padA, padC)));
    }

    private static Side responder(List<EncryptionMethod> accepted, byte[] padB, byte[] padD) {
        return new Side(new Responder(KEYS::find, accepted, fixed(Vector.XB, padB, padD), Sha1.DIGEST));
    }

    private static byte[] pad(int length) {
        byte[] pad = new byte[length];
        new Random(length).nextBytes(pad);
        return pad;
    }

    // case 106: the bytes of the specification
    @Test
    void everyByteIsThatOfTheSpecification() {
        Side a = initiator(List.of(PLAINTEXT, RC4), Vector.HANDSHAKE, NONE, NONE);
        Side b = responder(List.of(RC4, PLAINTEXT), NONE, NONE);

        byte[] ya = a.take();
        assertThat(ya).isEqualTo(Vector.YA);
        byte[] yb = b.feed(ya).take();
        assertThat(yb).isEqualTo(Vector.YB);
        byte[] third = a.feed(yb).take();
        assertThat(third).isEqualTo(Vector.STEP_3);
        byte[] fourth = b.feed(third).take();
        assertThat(fourth).isEqualTo(Vector.STEP_4_RC4);
        a.feed(fourth);

        assertThat(a.outcome().method()).isEqualTo(RC4);
        assertThat(b.outcome().method()).isEqualTo(RC4);
        assertThat(b.outcome().torrent()).isEqualTo(Vector.SKEY);
        assertThat(b.outcome().payload()).isEqualTo(Vector.HANDSHAKE);
        assertThat(b.outcome().encrypt().apply(Vector.ANSWER.clone())).isEqualTo(Vector.ANSWER_RC4);
        assertThat(a.outcome().decrypt().apply(Vector.ANSWER_RC4.clone())).isEqualTo(Vector.ANSWER);
    }

    @Test
    void plaintextIsSelectedWhereTheResponderLikesItBest() {
        Side b = responder(List.of(PLAINTEXT, RC4), NONE, NONE).feed(Vector.YA);
        b.take();

        assertThat(b.feed(Vector.STEP_3).take()).isEqualTo(Vector.STEP_4_PLAINTEXT);
        assertThat(b.outcome().method()).isEqualTo(PLAINTEXT);
    }

    static Stream<Arguments> cuts() {
        return Stream.of(1, 2, 3, 7, 19, 20, 21, 40, 95, 96, 97, 123, 1448)
                .flatMap(read -> Stream.of(RC4, PLAINTEXT).map(method -> Arguments.of(read, method)));
    }

    // cases 106, 111
    @ParameterizedTest
    @MethodSource("cuts")
    void twoSidesAgreeHoweverTheirBytesAreCut(int read, EncryptionMethod method) {
        Side a = initiator(List.of(method), Vector.HANDSHAKE, pad(77), pad(13));
        Side b = responder(List.of(RC4, PLAINTEXT), pad(311), pad(512));

        Side.talk(a, b, read);

        assertAgreed(a, b, method);
    }

    private static void assertAgreed(Side a, Side b, EncryptionMethod method) {
        assertThat(a.outcome().method()).isEqualTo(method);
        assertThat(b.outcome().method()).isEqualTo(method);
        assertThat(a.left()).isEmpty();
        assertThat(b.left()).isEmpty();
        byte[] text = Vector.ANSWER;
        assertThat(a.outcome().decrypt().apply(b.outcome().encrypt().apply(text.clone())))
                .isEqualTo(text);
        assertThat(b.outcome().decrypt().apply(a.outcome().encrypt().apply(text.clone())))
                .isEqualTo(text);
    }

    // case 111
    @Test
    void whatComesBehindTheExchangeIsLeftAsItCame() {
        byte[] behind = pad(50);
        for (int cut = 0; cut <= Vector.STEP_3.length + behind.length; cut++) {
            Side b = responder(List.of(RC4), NONE, NONE).feed(Vector.YA);
            byte[] stream = join(Vector.STEP_3, behind);

            b.feed(Arrays.copyOf(stream, cut)).feed(Arrays.copyOfRange(stream, cut, stream.length));

            assertThat(b.left()).as("cut at %s", cut).isEqualTo(behind);
        }
        Side a = initiator(List.of(RC4), NONE, NONE, NONE).feed(Vector.YB);
        assertThat(a.feed(join(Vector.STEP_4_RC4, behind)).left()).isEqualTo(behind);
    }

    // case 107
    @ParameterizedTest
    @ValueSource(ints = {0, 14, 68, 69, 1000, 68 + 32 * 1024})
    void a62_thePayloadInsideIsDeliveredWhateverItsLength(int length) {
        byte[] payload = pad(length);
        Side a = initiator(List.of(RC4), payload, pad(3), pad(4));
        Side b = responder(List.of(RC4), pad(5), pad(6));

        Side.talk(a, b, 1448);

        assertThat(b.outcome().payload()).isEqualTo(payload);
        assertAgreed(a, b, RC4);
    }

    // case 108
    @Test
    void theTorrentIsFoundAmongSeveral() {
        InfoHash other = InfoHash.parse("aa".repeat(20));
        EncryptionKeys several = EncryptionKeys.of(other, Vector.SKEY, InfoHash.parse("bb".repeat(20)));
        Side b = new Side(new Responder(several::find, List.of(RC4), fixed(Vector.XB, NONE, NONE), Sha1.DIGEST));

        b.feed(Vector.YA).feed(Vector.STEP_3);

        assertThat(b.outcome().torrent()).isEqualTo(Vector.SKEY);
        several.remove(Vector.SKEY);
        assertThat(several.size()).isEqualTo(2);
        assertThat(several.find(Sha1.DIGEST.of("req2", Vector.SKEY.bytes()))).isNull();
    }

    private static int hashesToAccept(int torrents) {
        EncryptionKeys many = EncryptionKeys.of(Vector.SKEY);
        for (int i = 1; i < torrents; i++) {
            many.add(InfoHash.of(pad20(i)));
        }
        assertThat(many.size()).isEqualTo(torrents);
        AtomicInteger hashes = new AtomicInteger();
        Sha1 counting = (label, parts) -> {
            hashes.incrementAndGet();
            return Sha1.DIGEST.of(label, parts);
        };
        Side b = new Side(new Responder(many::find, List.of(RC4), fixed(Vector.XB, NONE, NONE), counting));
        b.feed(Vector.YA).feed(Vector.STEP_3);
        assertThat(b.outcome().torrent()).isEqualTo(Vector.SKEY);
        return hashes.get();
    }

    private static byte[] pad20(int seed) {
        byte[] bytes = new byte[20];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void a63_tenThousandTorrentsCostNoMoreHashesThanOne() {
        assertThat(hashesToAccept(1)).isEqualTo(4); // req1, req3, keyA, keyB
        assertThat(hashesToAccept(10_000)).isEqualTo(4);
    }

    // a peer without an info hash of ours receives our public key and nothing more
    @Test
    void a68_whoKnowsNoTorrentHearsNothingButAKey() {
        Side a = new Side(
                new Initiator(InfoHash.parse("cc".repeat(20)), List.of(RC4), NONE, fixed(Vector.XA, NONE, NONE)));
        Side b = responder(List.of(RC4), NONE, NONE);
        a.feed(b.feed(a.take()).take());

        Faults.assertFails(() -> b.feed(a.take()), "no torrent of ours");

        assertThat(b.take()).isEmpty();
    }

    @Test
    void anInitiatorThatHasNoKeysYetHoldsWhatAHastyPeerSends() {
        Initiator early = new Initiator(Vector.SKEY, List.of(RC4), Vector.HANDSHAKE, fixed(Vector.XA, NONE, NONE));

        assertThat(early.feed(Unpooled.wrappedBuffer(Vector.YB))).isEqualTo(Exchange.Step.COMPUTE);
        byte[] ya = early.work().get().get();
        assertThat(early.feed(Unpooled.EMPTY_BUFFER)).isEqualTo(Exchange.Step.COMPUTE);
        byte[] third = early.work().get().get();
        assertThat(early.feed(Unpooled.wrappedBuffer(Vector.STEP_4_RC4))).isEqualTo(Exchange.Step.DONE);

        assertThat(ya).isEqualTo(Vector.YA);
        Side b = responder(List.of(RC4), NONE, NONE).feed(ya).feed(third);
        Outcome outcome = b.outcome();
        assertThat(outcome.payload()).isEqualTo(Vector.HANDSHAKE);
    }

    static byte[] join(byte[]... parts) {
        return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(parts));
    }
}
