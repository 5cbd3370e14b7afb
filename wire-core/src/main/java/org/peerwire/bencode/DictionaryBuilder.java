/* SPDX-License-Identifier: MIT */
package org.peerwire.bencode;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Collects the entries of a dictionary, from {@link BencodeValue#dictionary()}. The order of the calls does not matter,
 * a key that is put again gets the new value. Not for use by several threads at once.
 */
public final class DictionaryBuilder {
    private final SortedMap<byte[], BencodeValue> entries = new TreeMap<>(Arrays::compareUnsigned);

    DictionaryBuilder() {}

    /** Puts an integer. */
    public DictionaryBuilder put(String key, long value) {
        return put(key, BencodeValue.of(value));
    }

    /** Puts a string, in UTF-8. */
    public DictionaryBuilder put(String key, String value) {
        return put(key, BencodeValue.of(value));
    }

    /** Puts a copy of a byte string. */
    public DictionaryBuilder put(String key, byte[] value) {
        return put(key, BencodeValue.of(value));
    }

    /** Puts any value; the key is a key as in {@link BencodeValue#entries()}. */
    public DictionaryBuilder put(String key, BencodeValue value) {
        entries.put(KeyText.encode(key), value);
        return this;
    }

    /** The dictionary of what was put so far, its keys in the order of their bytes. */
    public BencodeValue build() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write('d');
        entries.forEach((key, value) -> {
            BencodeValue.of(key).writeTo(out);
            value.writeTo(out);
        });
        out.write('e');
        return new BencodeValue(out.toByteArray());
    }
}
