/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.peerwire.EncryptionMethod.PLAINTEXT;
import static org.peerwire.EncryptionMethod.RC4;
import static org.peerwire.internal.encryption.ExchangeTest.join;
import static org.peerwire.internal.encryption.Faults.assertFails;
import static org.peerwire.internal.encryption.Vector.fixed;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.EncryptionKeys;
import org.peerwire.EncryptionMethod;
import org.peerwire.Handshake;

/** A side against a peer that violates the specification and has the shared secret of {@link Vector}. */
class HostileExchangeTest {
    private static final byte[] NONE = {};
    private static final Secrets SECRETS = new Secrets(Vector.S, Sha1.DIGEST);

    private static Side responder(EncryptionMethod... accepted) {
        EncryptionKeys keys = EncryptionKeys.of(Vector.SKEY);
        return new Side(new Responder(keys::find, List.of(accepted), fixed(Vector.XB, NONE, NONE), Sha1.DIGEST));
    }

    /** Returns a responder that has answered with its key. */
    private static Side keyed(EncryptionMethod... accepted) {
        Side b = responder(accepted).feed(Vector.YA);
        assertThat(b.take()).isEqualTo(Vector.YB);
        return b;
    }

    private static Side initiator(EncryptionMethod... offered) {
        return new Side(new Initiator(Vector.SKEY, List.of(offered), NONE, fixed(Vector.XA, NONE, NONE)));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** Returns the encrypted part of an initiator: VC, provide, PadC, IA. */
    private static byte[] third(byte[] padA, long vc, int provide, int padC, int payload) {
        ByteBuf head = Unpooled.buffer().writeLong(vc).writeInt(provide).writeShort(padC);
        head.writeZero(padC).writeShort(payload).writeZero(payload);
        byte[] encrypted = SECRETS.initiatorKey(Vector.SKEY).apply(ByteBufUtil.getBytes(head));
        return join(padA, SECRETS.mark(), SECRETS.hiddenKey(Vector.SKEY), encrypted);
    }

    /** Returns the encrypted part of a responder: VC, select, PadD. */
    private static byte[] fourth(byte[] padB, int select, int padD) {
        ByteBuf head =
                Unpooled.buffer().writeLong(0).writeInt(select).writeShort(padD).writeZero(padD);
        byte[] encrypted = SECRETS.responderKey(Vector.SKEY).apply(ByteBufUtil.getBytes(head));
        return join(padB, encrypted);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20, 511, 512})
    void a61_padsUpTo512AreAccepted(int length) {
        for (int read : new int[] {1, 19, 1000}) {
            Side b = keyed(RC4);
            Side a = initiator(RC4).feed(Vector.YB);
            for (byte[] part : cut(third(random(length), 0, 2, 0, 0), read)) {
                b.feed(part);
            }
            for (byte[] part : cut(fourth(random(length), 2, 0), read)) {
                a.feed(part);
            }

            assertThat(b.isDone()).isTrue();
            assertThat(a.isDone()).isTrue();
        }
    }

    private static List<byte[]> cut(byte[] bytes, int read) {
        return IntStream.iterate(0, i -> i < bytes.length, i -> i + read)
                .mapToObj(i -> Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + read)))
                .toList();
    }

    @Test
    void a61_aPadOf513IsTooLong() {
        assertFails(() -> keyed(RC4).feed(third(random(513), 0, 2, 0, 0)), "must be within 628 bytes");
        assertFails(() -> initiator(RC4).feed(Vector.YB).feed(fourth(random(513), 2, 0)), "must be within 616 bytes");
    }

    // case 110
    @Test
    void a61_randomBytesAreReadNoFurtherThanTheMarkMayBe() {
        byte[] noise = random(5_000);
        Side b = keyed(RC4);
        Side a = initiator(RC4).feed(Vector.YB);

        assertThatCode(() -> b.feed(Arrays.copyOf(noise, 628 - 96 - 1))).doesNotThrowAnyException();
        assertThatCode(() -> a.feed(Arrays.copyOf(noise, 616 - 96 - 1))).doesNotThrowAnyException();

        assertFails(() -> b.feed(Arrays.copyOf(noise, 1)), "628");
        assertFails(() -> a.feed(Arrays.copyOf(noise, 1)), "616");
        assertThat(b.take()).isEmpty();
    }

    @Test
    void a61_aMarkThatBeginsSeveralTimesIsFound() {
        byte[] mark = SECRETS.mark();
        byte[] padA = join(Arrays.copyOf(mark, 19), Arrays.copyOf(mark, 7), Arrays.copyOf(mark, 1));

        assertThat(keyed(RC4).feed(third(padA, 0, 2, 0, 0)).isDone()).isTrue();
    }

    @Test
    void a61_whoSendsMoreThan608BytesUnaskedIsNotAnswered() {
        Side fits = responder(RC4).feed(join(Vector.YA, random(512)));
        assertThat(fits.take()).isEqualTo(Vector.YB);

        Side b = responder(RC4);
        assertFails(() -> b.feed(join(Vector.YA, random(513))), "609 bytes before it was answered; at most 608");
        assertThat(b.take()).isEmpty();

        Side a = initiator(RC4);
        a.take();
        assertFails(() -> a.feed(join(Vector.YB, random(513))), "609");
        assertThat(a.take()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {513, 40_000, 65_535})
    void a62_longPadsInsideAreRefused(int length) {
        assertFails(() -> keyed(RC4).feed(third(NONE, 0, 2, length, 0)), "PadC of " + length);
        assertFails(() -> initiator(RC4).feed(Vector.YB).feed(fourth(NONE, 2, length)), "PadD of " + length);
    }

    @Test
    void a62_padsInsideUpTo512AreAccepted() {
        assertThat(keyed(RC4).feed(third(NONE, 0, 2, 512, 68)).isDone()).isTrue();
        assertThat(initiator(RC4).feed(Vector.YB).feed(fourth(NONE, 2, 512)).isDone())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {68 + 32 * 1024 + 1, 65_535})
    void a62_aPayloadAbove32KiBAndAHandshakeIsRefused(int length) {
        assertFails(() -> keyed(RC4).feed(third(NONE, 0, 2, 0, length)), "IA of " + length);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 0x100, -4})
    void a64_anOfferOfNothingWeKnowIsRefused(int provide) {
        assertFails(() -> keyed(RC4, PLAINTEXT).feed(third(NONE, 0, provide, 0, 0)), Integer.toUnsignedString(provide));
    }

    // webtorrent 1.9.7 provides 0x102
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 0x102, -1})
    void a64_theBestOfTheOfferIsSelectedWhateverElseItHas(int provide) {
        Side b = keyed(RC4, PLAINTEXT).feed(third(NONE, 0, provide, 0, 0));

        assertThat(b.outcome().method()).isEqualTo(RC4);
        assertThat(b.take()).isEqualTo(fourth(NONE, 2, 0));
    }

    @Test
    void a64_plaintextIsNotForThoseWhoWantRc4() {
        assertFails(() -> keyed(RC4).feed(third(NONE, 0, 1, 0, 0)), "accepted are [RC4]");
        assertFails(() -> initiator(RC4).feed(Vector.YB).feed(fourth(NONE, 1, 0)), "selected 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4, 0x102, -1})
    void a64_aSelectionOfAnythingButOneIsRefused(int select) {
        Side a = initiator(RC4, PLAINTEXT).feed(Vector.YB);

        assertFails(() -> a.feed(fourth(NONE, select, 0)), "selected " + Integer.toUnsignedString(select));
    }

    @Test
    void a64_eitherOfTwoOfferedMayBeSelected() {
        for (EncryptionMethod method : EncryptionMethod.values()) {
            Side a = initiator(PLAINTEXT, RC4).feed(Vector.YB).feed(fourth(NONE, method.bit(), 9));

            assertThat(a.outcome().method()).isEqualTo(method);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, Long.MIN_VALUE, -1})
    void a65_aVcThatIsNotZeroIsRefused(long vc) {
        assertFails(() -> keyed(RC4).feed(third(NONE, vc, 2, 0, 0)), "VC of the peer must be zero");
    }

    @Test
    void a60_aDegenerateKeyIsRefusedByBothSidesBeforeAnythingIsComputed() {
        byte[] zeros = new byte[96];
        Side b = responder(RC4);
        Side a = initiator(RC4);
        a.take();

        assertFails(() -> b.feed(zeros), "degenerate: 0");
        assertFails(() -> a.feed(zeros), "degenerate: 0");
        assertThat(a.take()).isEmpty();
        assertThat(b.take()).isEmpty();
    }

    // case 115: such a peer never sends 96 bytes
    @Test
    void aPlainHandshakeIsNoAnswer() {
        Side a = initiator(RC4);

        assertFails(() -> a.feed(Arrays.copyOf(Vector.ANSWER, 20)), "plain handshake");
    }

    // A-08, case 112: one in 256 public keys begins with 0x13
    @Test
    void a08_aKeyMayBeginLikeAHandshake() {
        byte[] key = join(Arrays.copyOf(Handshake.protocol(), 19), new byte[77]);

        assertThatCode(() -> initiator(RC4).feed(key)).doesNotThrowAnyException();
        assertThatCode(() -> responder(RC4).feed(key)).doesNotThrowAnyException();
    }
}
