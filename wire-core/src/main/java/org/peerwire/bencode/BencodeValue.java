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
 * An immutable bencoded value (BEP 3): well-formed bytes and the ways to read them.
 *
 * <p>No reading method throws because of what the value is: one that asks for another kind gets nothing, so that input
 * of a peer can be read key by key. Two values are equal when their encoded bytes are.
 *
 * <p>A value is a window on the bytes it was decoded from. Children are found by going through these bytes at each
 * call, so keep the result of {@link #items()} and {@link #entries()} rather than calling them in a loop; and a child
 * keeps the bytes of the whole alive.
 */
public final class BencodeValue {

    /** The four kinds of value. */
    public enum Kind {
        /** A whole number of 64 bits. */
        INTEGER,
        /** A string of bytes. */
        STRING,
        /** Values in order. */
        LIST,
        /** Values by key. */
        DICTIONARY
    }

    private static final int MAX_SHOWN = 160;

    private final byte[] bytes;
    private final int start;
    private final int end;

    /** A value that is all of {@code encoded}, which must be well-formed and stay as it is. */
    BencodeValue(byte[] encoded) {
        this(encoded, 0, encoded.length);
    }

    private BencodeValue(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
    }

    /** An integer. */
    public static BencodeValue of(long value) {
        return new BencodeValue(("i" + value + "e").getBytes(ISO_8859_1));
    }

    /** A string, in UTF-8; for a key of {@link #entries()}, the bytes of that key. */
    public static BencodeValue of(String value) {
        return of(KeyText.encode(value));
    }

    /** A copy of a byte string. */
    public static BencodeValue of(byte[] value) {
        byte[] prefix = (value.length + ":").getBytes(ISO_8859_1);
        byte[] encoded = Arrays.copyOf(prefix, Math.addExact(prefix.length, value.length));
        System.arraycopy(value, 0, encoded, prefix.length, value.length);
        return new BencodeValue(encoded);
    }

    /** A list. Decoded items go in with their original bytes, canonical or not. */
    public static BencodeValue list(List<BencodeValue> items) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write('l');
        items.forEach(item -> item.writeTo(out));
        out.write('e');
        return new BencodeValue(out.toByteArray());
    }

    /**
     * A dictionary, whose keys are sorted by their bytes. Decoded values go in with their original bytes, canonical or
     * not.
     *
     * @param entries the values by key, keys as in {@link #entries()}
     */
    public static BencodeValue dictionary(Map<String, BencodeValue> entries) {
        DictionaryBuilder builder = dictionary();
        entries.forEach(builder::put);
        return builder.build();
    }

    /** A dictionary, entry by entry. */
    public static DictionaryBuilder dictionary() {
        return new DictionaryBuilder();
    }

    /** The kind of this value. */
    public Kind kind() {
        return switch (bytes[start]) {
            case 'i' -> Kind.INTEGER;
            case 'l' -> Kind.LIST;
            case 'd' -> Kind.DICTIONARY;
            default -> Kind.STRING;
        };
    }

    /** The integer; empty if this is none, or one outside 64 bits. */
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

    /** A copy of the string's bytes; empty if this is no string. */
    public Optional<byte[]> asBytes() {
        return kind() == Kind.STRING ? Optional.of(Arrays.copyOfRange(bytes, contentStart(), end)) : Optional.empty();
    }

    /** The string read as UTF-8, with U+FFFD for what is not UTF-8; empty if this is no string. */
    public Optional<String> asText() {
        return asBytes().map(content -> new String(content, UTF_8));
    }

    /** The list's items, unmodifiable; empty if this is no list. */
    public List<BencodeValue> items() {
        return childrenOf(Kind.LIST);
    }

    /**
     * The dictionary's values by key, in the order of the input, unmodifiable; empty if this is no dictionary. Of
     * duplicate keys the last one wins.
     *
     * <p>Keys are byte strings, given as UTF-8. A byte {@code b} that is not UTF-8 becomes the lone surrogate
     * {@code U+DC00 + b}, so keys that differ in the input differ here. All methods of this class that take a key read
     * it the same way, and {@code BencodeValue.of(key).asBytes()} has the bytes again.
     */
    public Map<String, BencodeValue> entries() {
        List<BencodeValue> pairs = childrenOf(Kind.DICTIONARY);
        Map<String, BencodeValue> entries = new LinkedHashMap<>();
        for (int i = 0; i < pairs.size(); i += 2) {
            BencodeValue key = pairs.get(i);
            entries.put(KeyText.decode(bytes, key.contentStart(), key.end), pairs.get(i + 1));
        }
        return Collections.unmodifiableMap(entries);
    }

    /** The dictionary's value for {@code key}, the last one if there are several; null if none or no dictionary. */
    public @Nullable BencodeValue get(String key) {
        if (kind() != Kind.DICTIONARY) {
            return null;
        }
        byte[] wanted = KeyText.encode(key);
        int found = -1;
        for (int at = start + 1; bytes[at] != 'e'; ) {
            int valueAt = stringEnd(at);
            if (Arrays.equals(bytes, indexOf(':', at) + 1, valueAt, wanted, 0, wanted.length)) {
                found = valueAt;
            }
            at = endOf(valueAt);
        }
        return found < 0 ? null : valueAt(found);
    }

    /** The integer for {@code key}; empty if there is none. */
    public OptionalLong getLong(String key) {
        BencodeValue value = get(key);
        return value == null ? OptionalLong.empty() : value.asLong();
    }

    /** A copy of the string for {@code key}; empty if there is none. */
    public Optional<byte[]> getBytes(String key) {
        return Optional.ofNullable(get(key)).flatMap(BencodeValue::asBytes);
    }

    /** The string for {@code key} as {@link #asText()}; empty if there is none. */
    public Optional<String> getText(String key) {
        return Optional.ofNullable(get(key)).flatMap(BencodeValue::asText);
    }

    /**
     * A copy of the encoded value. For a decoded value these are the bytes as they stood in the input, canonical or
     * not: the ones to hash.
     */
    public byte[] encoded() {
        return Arrays.copyOfRange(bytes, start, end);
    }

    /** Bytes of {@link #encoded()}, from 2. */
    public int encodedLength() {
        return end - start;
    }

    void writeTo(ByteArrayOutputStream out) {
        out.write(bytes, start, end - start);
    }

    /** What is inside a value of that kind, a dictionary's keys and values in turn; nothing for another kind. */
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

    /** The encoded value for people: printable ASCII as it is, other bytes as {@code \xNN}, the first 160 bytes. */
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
