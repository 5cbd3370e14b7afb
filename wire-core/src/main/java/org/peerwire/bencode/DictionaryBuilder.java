/* SPDX-License-Identifier: MIT */
package org.peerwire.bencode;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A builder of a dictionary, from {@link BencodeValue#dictionary()}. The order of calls does not matter, and a repeated
 * key replaces its value. Not thread-safe.
 */
public final class DictionaryBuilder {
    private final SortedMap<byte[], BencodeValue> entries = new TreeMap<>(Arrays::compareUnsigned);

    DictionaryBuilder() {}

    /** Adds an integer. */
    public DictionaryBuilder put(String key, long value) {
        return put(key, BencodeValue.of(value));
    }

    /** Adds a string in UTF-8. */
    public DictionaryBuilder put(String key, String value) {
        return put(key, BencodeValue.of(value));
    }

    /** Adds a copy of a byte string. */
    public DictionaryBuilder put(String key, byte[] value) {
        return put(key, BencodeValue.of(value));
    }

    /** Adds any value. The key has the form of {@link BencodeValue#entries()}. */
    public DictionaryBuilder put(String key, BencodeValue value) {
        entries.put(KeyText.encode(key), value);
        return this;
    }

    /** Returns a dictionary of the entries added so far, with its keys sorted by their bytes. */
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
