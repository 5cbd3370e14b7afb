/* SPDX-License-Identifier: MIT */
package org.peerwire.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.BitSet;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PieceSetTest {

    // case 12
    @Test
    void thirtySevenPiecesEncodeFromTheHighBit() {
        assertThat(hex(PieceSet.of(37, 2, 7, 32))).isEqualTo("2100000080");
    }

    // case 12
    @Test
    void bitfieldDecodesFromTheHighBit() {
        PieceSet set = read("8106");

        assertThat(set.stream()).containsExactly(0, 7, 13, 14);
        assertThat(set.capacity()).isEqualTo(16);
        assertThat(set.cardinality()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"0, ''", "1, 80", "7, fe", "8, ff", "9, ff80", "10, ffc0", "16, ffff", "17, ffff80"})
    void allSetsNoSpareBit(int count, String hex) {
        PieceSet all = PieceSet.all(count);

        assertThat(hex(all)).isEqualTo(hex);
        assertThat(all.cardinality()).isEqualTo(count);
        assertThat(all.hasSpareBits(count)).isFalse();
        assertThat(all.isComplete()).isEqualTo(count > 0);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "8, 1", "9, 2", "16, 2", "2147483647, 268435456"})
    void byteLengthIsRoundedUp(int count, int bytes) {
        assertThat(PieceSet.byteLength(count)).isEqualTo(bytes);
    }

    @Test
    void negativePieceCountIsRefused() {
        assertThatThrownBy(() -> PieceSet.none(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PieceSet.all(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PieceSet.empty().resize(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 10, 15, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void pieceOutsideTheTorrentIsRefusedAndNotContained(int piece) {
        assertThatThrownBy(() -> PieceSet.of(10, piece)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(PieceSet.all(10).contains(piece)).isFalse();
    }

    @Test
    void setFromBitSetIsTheSame() {
        BitSet bits = new BitSet();
        bits.set(2);
        bits.set(7);
        bits.set(32);

        assertThat(PieceSet.of(37, bits)).isEqualTo(PieceSet.of(37, 2, 7, 32));
        bits.set(37);
        assertThatThrownBy(() -> PieceSet.of(37, bits)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "a040, 10, false",
        "a060, 10, true",
        "a041, 10, true",
        "ff, 8, false",
        "a060, 16, false",
        "a060, 24, false"
    })
    void spareBitsAreFoundInTheLastByte(String hex, int count, boolean spare) {
        assertThat(read(hex).hasSpareBits(count)).isEqualTo(spare);
    }

    @Test
    void resizeKeepsWhatFits() {
        PieceSet known = read("a060").resize(10);

        assertThat(known).isEqualTo(PieceSet.of(10, 0, 2, 9));
        assertThat(known.capacity()).isEqualTo(10);
        assertThat(known.resize(3).stream()).containsExactly(0, 2);
        assertThat(known.resize(100).stream()).containsExactly(0, 2, 9);
        assertThat(known.resize(0)).isEqualTo(PieceSet.empty());
    }

    @Test
    void isCompleteOnlyWithEveryPiece() {
        assertThat(PieceSet.of(3, 0, 1, 2).isComplete()).isTrue();
        assertThat(PieceSet.of(3, 0, 2).isComplete()).isFalse();
        assertThat(read("e0").isComplete()).isFalse();
        assertThat(read("e0").resize(3).isComplete()).isTrue();
        assertThat(PieceSet.empty().isComplete()).isFalse();
    }

    @Test
    void oneMorePieceLeavesTheSetAlone() {
        PieceSet set = PieceSet.of(10, 2);

        assertThat(set.with(9)).isEqualTo(PieceSet.of(10, 2, 9));
        assertThat(set.with(2)).isEqualTo(set);
        assertThat(set.stream()).containsExactly(2);
        assertThat(set.with(9).capacity()).isEqualTo(10);
        assertThatThrownBy(() -> set.with(10)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> set.with(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void equalityIsThatOfTheBytes() {
        assertThat(read("a040")).isEqualTo(PieceSet.of(10, 0, 2, 9)).hasSameHashCodeAs(PieceSet.of(10, 0, 2, 9));
        assertThat(PieceSet.none(8)).isNotEqualTo(PieceSet.none(9));
    }

    @Test
    void changingTheSourceLeavesTheSetAlone() {
        ByteBuf source = Unpooled.buffer().writeByte(0x80);
        PieceSet set = PieceSet.read(source);
        source.setByte(0, 0xff);

        assertThat(set.stream()).containsExactly(0);
        assertThat(source.isReadable()).isFalse();
        assertThat(source.refCnt()).isEqualTo(1);
    }

    private static PieceSet read(String hex) {
        return PieceSet.read(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
    }

    private static String hex(PieceSet set) {
        ByteBuf out = Unpooled.buffer();
        set.writeTo(out);
        assertThat(out.readableBytes()).isEqualTo(set.byteLength());
        return ByteBufUtil.hexDump(out);
    }
}
