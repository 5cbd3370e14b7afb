/* SPDX-License-Identifier: MIT */
package org.peerwire.bencode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * An immutable bencoded value (BEP 3), held as its encoded bytes.
 *
 * <p>No reading method throws. A method for another kind than {@link #kind()} returns an empty result, so the input of
 * a peer can be read key by key. Two values are equal if their encoded bytes are.
 *
 * <p>A value is a view of the bytes that it was decoded from. Each call of {@link #items()} or {@link #entries()} scans
 * them, so keep the result. A child keeps the bytes of the whole input in memory.
 */
public final class BencodeValue {

    /** The kinds of values. */
    public enum Kind {
        /** An integer of any size; those of 64 bits can be read. */
        INTEGER,
        /** A byte string. */
        STRING,
        /** A list of values. */
        LIST,
        /** A dictionary of values by key. */
        DICTIONARY
    }

    private static final int MAX_SHOWN = 160;

    private final byte[] bytes;
    private final int start;
    private final int end;

    /** Creates a value of all bytes of {@code encoded}, which must be well-formed and must not change. */
    BencodeValue(byte[] encoded) {
        this(encoded, 0, encoded.length);
    }

    private BencodeValue(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
    }

    /** Returns an integer. */
    public static BencodeValue of(long value) {
        return new BencodeValue(("i" + value + "e").getBytes(ISO_8859_1));
    }

    /** Returns a string in UTF-8. For a key of {@link #entries()} it has the bytes of that key. */
    public static BencodeValue of(String value) {
        return of(KeyText.encode(value));
    }

    /** Returns a byte string, a copy of the array. */
    public static BencodeValue of(byte[] value) {
        byte[] prefix = (value.length + ":").getBytes(ISO_8859_1);
        byte[] encoded = Arrays.copyOf(prefix, Math.addExact(prefix.length, value.length));
        System.arraycopy(value, 0, encoded, prefix.length, value.length);
        return new BencodeValue(encoded);
    }

    /** Returns a list. Decoded items keep their original bytes, canonical or not. */
    public static BencodeValue list(List<BencodeValue> items) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write('l');
        items.forEach(item -> item.writeTo(out));
        out.write('e');
        return new BencodeValue(out.toByteArray());
    }

    /**
     * Returns a dictionary, with its keys sorted by their bytes. Decoded values keep their original bytes, canonical or
     * not.
     *
     * @param entries the values by key, with keys as in {@link #entries()}
     */
    public static BencodeValue dictionary(Map<String, BencodeValue> entries) {
        DictionaryBuilder builder = dictionary();
        entries.forEach(builder::put);
        return builder.build();
    }

    /** Returns a new builder of a dictionary. */
    public static DictionaryBuilder dictionary() {
        return new DictionaryBuilder();
    }

    /** Returns the kind of this value. */
    public Kind kind() {
        return switch (bytes[start]) {
            case 'i' -> Kind.INTEGER;
            case 'l' -> Kind.LIST;
            case 'd' -> Kind.DICTIONARY;
            default -> Kind.STRING;
        };
    }

    /** Returns the integer, or empty for another kind or an integer outside 64 bits. */
    public OptionalLong asLong() {
        if (kind() != Kind.INTEGER) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(new String(bytes, start + 1, end - start - 2, ISO_8859_1)));
        } catch (NumberFormatException outsideLong) {
            return OptionalLong.empty();
        }
    }

    /** Returns a copy of the string's bytes, or empty for another kind. */
    public Optional<byte[]> asBytes() {
        return kind() == Kind.STRING ? Optional.of(Arrays.copyOfRange(bytes, contentStart(), end)) : Optional.empty();
    }

    /** Returns the string decoded as UTF-8, with U+FFFD for malformed bytes, or empty for another kind. */
    public Optional<String> asText() {
        return asBytes().map(content -> new String(content, UTF_8));
    }

    /** Returns an unmodifiable list of the items, or an empty one for another kind. */
    public List<BencodeValue> items() {
        return childrenOf(Kind.LIST);
    }

    /**
     * Returns an unmodifiable map of the values by key, in the order of the input, or an empty one for another kind. Of
     * duplicate keys the first one is used, as in other clients.
     *
     * <p>Keys are byte strings, decoded as UTF-8. A byte {@code b} that is not UTF-8 becomes the lone surrogate
     * {@code U+DC00 + b}, so different keys stay different. All methods of this class use keys in this form, and
     * {@code BencodeValue.of(key).asBytes()} returns the original bytes.
     */
    public Map<String, BencodeValue> entries() {
        List<BencodeValue> pairs = childrenOf(Kind.DICTIONARY);
        Map<String, BencodeValue> entries = new LinkedHashMap<>();
        for (int i = 0; i < pairs.size(); i += 2) {
            BencodeValue key = pairs.get(i);
            entries.putIfAbsent(KeyText.decode(bytes, key.contentStart(), key.end), pairs.get(i + 1));
        }
        return Collections.unmodifiableMap(entries);
    }

    /** Returns the value of a key, the first one of duplicates, or null without the key or for another kind. */
    public @Nullable BencodeValue get(String key) {
        if (kind() != Kind.DICTIONARY) {
            return null;
        }
        byte[] wanted = KeyText.encode(key);
        for (int at = start + 1; bytes[at] != 'e'; ) {
            int valueAt = stringEnd(at);
            if (Arrays.equals(bytes, indexOf(':', at) + 1, valueAt, wanted, 0, wanted.length)) {
                return valueAt(valueAt);
            }
            at = endOf(valueAt);
        }
        return null;
    }

    /** Returns the integer of a key as {@link #asLong()}, or empty if it is absent. */
    public OptionalLong getLong(String key) {
        BencodeValue value = get(key);
        return value == null ? OptionalLong.empty() : value.asLong();
    }

    /** Returns a copy of the byte string of a key, or empty if it is absent. */
    public Optional<byte[]> getBytes(String key) {
        return Optional.ofNullable(get(key)).flatMap(BencodeValue::asBytes);
    }

    /** Returns the string of a key as {@link #asText()}, or empty if it is absent. */
    public Optional<String> getText(String key) {
        return Optional.ofNullable(get(key)).flatMap(BencodeValue::asText);
    }

    /**
     * Returns a copy of the encoded value. For a decoded value these are the original bytes, canonical or not, as
     * required for an info hash.
     */
    public byte[] encoded() {
        return Arrays.copyOfRange(bytes, start, end);
    }

    /** Returns the length of {@link #encoded()} in bytes, 2 or more. */
    public int encodedLength() {
        return end - start;
    }

    void writeTo(ByteArrayOutputStream out) {
        out.write(bytes, start, end - start);
    }

    /** Returns the parts of a list or dictionary, with keys and values in turn, or an empty list for another kind. */
    private List<BencodeValue> childrenOf(Kind container) {
        if (kind() != container) {
            return List.of();
        }
        List<BencodeValue> children = new ArrayList<>();
        for (int at = start + 1; bytes[at] != 'e'; ) {
            BencodeValue child = valueAt(at);
            children.add(child);
            at = child.end;
        }
        return Collections.unmodifiableList(children);
    }

    private BencodeValue valueAt(int from) {
        return new BencodeValue(bytes, from, endOf(from));
    }

    private int endOf(int from) {
        int at = from;
        int depth = 0;
        do {
            switch (bytes[at]) {
                case 'i' -> at = indexOf('e', at) + 1;
                case 'l', 'd' -> {
                    depth++;
                    at++;
                }
                case 'e' -> {
                    depth--;
                    at++;
                }
                default -> at = stringEnd(at);
            }
        } while (depth > 0);
        return at;
    }

    private int stringEnd(int from) {
        int at = from;
        int length = 0;
        for (; bytes[at] != ':'; at++) {
            length = length * 10 + bytes[at] - '0';
        }
        return at + 1 + length;
    }

    private int contentStart() {
        return indexOf(':', start) + 1;
    }

    private int indexOf(char wanted, int from) {
        int at = from;
        while (bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BencodeValue value
                && Arrays.equals(bytes, start, end, value.bytes, value.start, value.end);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int at = start; at < end; at++) {
            hash = 31 * hash + bytes[at];
        }
        return hash;
    }

    /** Returns the first 160 encoded bytes for people, with {@code \xNN} for each byte outside printable ASCII. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        int shown = Math.min(encodedLength(), MAX_SHOWN);
        for (int at = start; at < start + shown; at++) {
            byte octet = bytes[at];
            boolean plain = octet >= ' ' && octet < 0x7f && octet != '\\';
            text.append(plain ? String.valueOf((char) octet) : String.format("\\x%02x", octet));
        }
        return shown == encodedLength() ? text.toString() : text + "… (" + encodedLength() + " bytes)";
    }
}
