/* SPDX-License-Identifier: MIT */
package org.peerwire.bencode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.bencode.BencodeValue.Kind;

class BencodeValueTest {

    private static BencodeValue decoded(String latin1) {
        return Bencode.decode(latin1.getBytes(ISO_8859_1));
    }

    private static String encoded(BencodeValue value) {
        return new String(value.encoded(), ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({"i1e, INTEGER", "0:, STRING", "3:abc, STRING", "le, LIST", "de, DICTIONARY"})
    void viewsOfAnotherKindAreEmpty(String input, Kind kind) {
        BencodeValue value = decoded(input);

        assertThat(value.kind()).isEqualTo(kind);
        assertThat(value.asLong().isPresent()).isEqualTo(kind == Kind.INTEGER);
        assertThat(value.asBytes().isPresent()).isEqualTo(kind == Kind.STRING);
        assertThat(value.asText().isPresent()).isEqualTo(kind == Kind.STRING);
        assertThat(value.items()).isEmpty();
        assertThat(value.entries()).isEmpty();
        assertThat(value.get("a")).isNull();
        assertThat(value.getLong("a")).isEmpty();
        assertThat(value.getBytes("a")).isEmpty();
        assertThat(value.getText("a")).isEmpty();
    }

    @Test
    void entryOfAnotherKindIsEmpty() {
        BencodeValue value = decoded("d1:ai1e1:b1:x1:clee");

        assertThat(value.getLong("a")).hasValue(1);
        assertThat(value.getText("a")).isEmpty();
        assertThat(value.getLong("b")).isEmpty();
        assertThat(value.getText("b")).contains("x");
        assertThat(value.getBytes("b")).hasValueSatisfying(b -> assertThat(b).containsExactly('x'));
        assertThat(value.getBytes("c")).isEmpty();
        assertThat(value.get("c")).isEqualTo(BencodeValue.list(List.of()));
    }

    @Test
    void listGivesItsItemsInOrder() {
        assertThat(decoded("li1e0:li2eed1:xi3eee").items())
                .containsExactly(
                        BencodeValue.of(1),
                        BencodeValue.of(""),
                        BencodeValue.list(List.of(BencodeValue.of(2))),
                        BencodeValue.dictionary().put("x", 3).build());
    }

    @Test
    void dictionaryGivesItsEntriesInInputOrder() {
        assertThat(decoded("d1:ci1e1:ai2e2:abi3ee").entries())
                .containsExactly(
                        Map.entry("c", BencodeValue.of(1)),
                        Map.entry("a", BencodeValue.of(2)),
                        Map.entry("ab", BencodeValue.of(3)));
    }

    @Test
    void firstOfDuplicateKeysWins() {
        for (String input : new String[] {"d1:ai1e1:ai2ee", "d1:ai1e1:bi0e1:ai2ee", "d1:ai1e01:ai2ee"}) {
            assertThat(decoded(input).getLong("a")).as(input).hasValue(1);
            assertThat(decoded(input).entries().get("a")).as(input).isEqualTo(BencodeValue.of(1));
        }
    }

    @Test
    void keysAreUtf8AndValuesAreNotTakenForKeys() {
        BencodeValue value =
                BencodeValue.dictionary(Map.of("näme.utf-8", BencodeValue.of("ключ"), "x", BencodeValue.of("y")));

        assertThat(value.getText("näme.utf-8")).contains("ключ");
        assertThat(value.entries()).containsKeys("näme.utf-8", "x");
        assertThat(value.get("y")).isNull();
        assertThat(value.get("")).isNull();
    }

    @Test
    void keysThatAreNotUtf8StayDistinctAndComeBack() {
        Random random = new Random(7);
        Set<String> texts = new HashSet<>();
        Set<BencodeValue> keys = new HashSet<>();
        byte[] tricky = {0, 'a', (byte) 0x80, (byte) 0xc3, (byte) 0xa9, (byte) 0xed, (byte) 0xa0, (byte) 0xf0, -97, -1};
        for (int round = 0; round < 50_000; round++) {
            byte[] key = new byte[random.nextInt(7)];
            for (int i = 0; i < key.length; i++) {
                key[i] = tricky[random.nextInt(tricky.length)];
            }
            String text = KeyText.decode(key, 0, key.length);
            assertThat(BencodeValue.of(text).asBytes().orElseThrow()).isEqualTo(key);
            assertThat(texts.add(text)).isEqualTo(keys.add(BencodeValue.of(key)));
        }
        BencodeValue value = decoded("d1:\u00e9i1e2:\u00c3\u00a9i2ee");
        assertThat(value.entries().values()).containsExactly(BencodeValue.of(1), BencodeValue.of(2));
        assertThat(value.getLong("é")).hasValue(2);
        assertThat(value.getLong("\udce9")).hasValue(1);
        assertThat(encoded(BencodeValue.dictionary(value.entries()))).isEqualTo("d2:\u00c3\u00a9i2e1:\u00e9i1ee");
    }

    @Test
    void textThatIsNotUtf8IsReplaced() {
        assertThat(decoded("3:a\u00ffb").asText()).contains("a\ufffdb");
        assertThat(decoded("2:\u00c3\u00a9").asText()).contains("é");
    }

    // Case 116: an info hash is computed over the original bytes, never over a new encoding.
    @ParameterizedTest
    @ValueSource(strings = {"d1:bi01e1:ai-0ee", "d1:a02:xx1:ale1:ai1ee", "de", "i007e", "l01:ae"})
    void nestedValueKeepsItsOriginalBytes(String info) {
        BencodeValue torrent = decoded("d8:announce3:url4:info" + info + "4:tail1:xe");

        BencodeValue value = torrent.get("info");
        assertThat(value).isNotNull();
        assertThat(encoded(value)).isEqualTo(info);
        assertThat(value.encodedLength()).isEqualTo(info.length());
        assertThat(encoded(BencodeValue.dictionary().put("info", value).build()))
                .isEqualTo("d4:info" + info + "e");
        assertThat(encoded(BencodeValue.list(List.of(value, value)))).isEqualTo("l" + info + info + "e");
    }

    @Test
    void builtDictionaryIsSortedByRawBytes() {
        BencodeValue value = BencodeValue.dictionary()
                .put("\uff5e", 1) // ef bd 9e, although U+1F600 sorts before it as UTF-16
                .put("\ud83d\ude00", 2) // f0 9f 98 80
                .put("b", "x")
                .put("aa", new byte[] {0, -1})
                .put("a", BencodeValue.list(List.of()))
                .put("b", "y")
                .build();

        assertThat(encoded(value))
                .isEqualTo("d1:ale2:aa2:\u0000\u00ff1:b1:y3:\u00ef\u00bd\u009ei1e4:\u00f0\u009f\u0098\u0080i2ee");
        assertThat(Bencode.decodeStrict(value.encoded(), BencodeLimits.DEFAULT)).isEqualTo(value);
    }

    @Test
    void builtValuesAreCanonical() {
        assertThat(encoded(BencodeValue.of(-7))).isEqualTo("i-7e");
        assertThat(encoded(BencodeValue.of(""))).isEqualTo("0:");
        assertThat(encoded(BencodeValue.of("é"))).isEqualTo("2:\u00c3\u00a9");
        assertThat(encoded(BencodeValue.list(List.of()))).isEqualTo("le");
        assertThat(encoded(BencodeValue.dictionary().build())).isEqualTo("de");
        assertThat(encoded(BencodeValue.dictionary(Map.of()))).isEqualTo("de");
    }

    @Test
    void valueCannotBeChanged() {
        byte[] content = {1, 2, 3};
        BencodeValue string = BencodeValue.of(content);
        BencodeValue list = BencodeValue.list(new ArrayList<>(List.of(string)));
        BencodeValue dictionary = BencodeValue.dictionary(Map.of("a", string));
        Arrays.fill(content, (byte) 9);
        Arrays.fill(string.asBytes().orElseThrow(), (byte) 9);
        Arrays.fill(string.encoded(), (byte) 9);

        assertThat(string.asBytes().orElseThrow()).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> list.items().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> dictionary.entries().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void equalityIsOnEncodedBytesWhereverTheyLie() {
        BencodeValue nested = decoded("li5ed1:ai1eee").items().get(1);
        BencodeValue built = BencodeValue.dictionary().put("a", 1).build();

        assertThat(nested).isEqualTo(built).hasSameHashCodeAs(built);
        assertThat(decoded("i01e")).isNotEqualTo(decoded("i1e"));
        assertThat(built).isNotEqualTo("d1:ai1ee").isNotEqualTo(BencodeValue.of("a"));
    }

    @Test
    void toStringIsTheEncodingWithEscapes() {
        assertThat(decoded("d1:v5:peer\\6:yourip4:\u007f\u0000\n\u00ffe").toString())
                .isEqualTo("d1:v5:peer\\x5c6:yourip4:\\x7f\\x00\\x0a\\xffe");
    }

    @Test
    void toStringIsBounded() {
        assertThat(BencodeValue.of(new byte[155]).toString()).isEqualTo("155:" + "\\x00".repeat(155));
        assertThat(BencodeValue.of("x".repeat(156)).toString()).hasSize(160).endsWith("x");
        assertThat(BencodeValue.of("x".repeat(157)).toString()).isEqualTo("157:" + "x".repeat(156) + "… (161 bytes)");
        assertThat(BencodeValue.of(new byte[1 << 20]).toString()).hasSizeLessThan(700);
    }

    // The shape of a large torrent file: 2,000,000 tokens below one dictionary.
    @Test
    void twoMillionTokensAreReadInOnePass() {
        int files = 250_000;
        byte[] input =
                ("d4:infod5:filesl" + "d6:lengthi7e4:pathl1:a1:bee".repeat(files) + "e4:name1:nee").getBytes(UTF_8);

        BencodeValue torrent = Bencode.decodeStrict(input, BencodeLimits.DEFAULT.withMaxTokens(2_000_010));

        BencodeValue info = torrent.get("info");
        assertThat(info).isNotNull();
        BencodeValue list = info.get("files");
        assertThat(list).isNotNull();
        long total = 0;
        for (BencodeValue file : list.items()) {
            total += file.getLong("length").orElseThrow();
        }
        assertThat(total).isEqualTo(7L * files);
        assertThat(info.getText("name")).contains("n");
    }
}
