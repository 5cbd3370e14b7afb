/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import io.netty.buffer.ByteBuf;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeValue;

/** An info dictionary to serve, and its private flag (BEP 27). */
final class ServedMetadata {
    private final byte[] info;
    private final boolean isPrivate;

    private ServedMetadata(byte[] info, boolean isPrivate) {
        this.info = info;
        this.isPrivate = isPrivate;
    }

    static ServedMetadata of(byte[] info) {
        BencodeValue dictionary = Bencode.decode(info, InfoDictionary.LIMITS);
        if (dictionary.kind() != BencodeValue.Kind.DICTIONARY) {
            throw Ranges.failure("info", "a bencoded dictionary", dictionary.kind());
        }
        return new ServedMetadata(info.clone(), dictionary.getLong("private").orElse(0) == 1);
    }

    boolean isPrivate() {
        return isPrivate;
    }

    int size() {
        return info.length;
    }

    int pieceCount() {
        return MetadataMessage.count(info.length);
    }

    /** Returns the data message with a piece. */
    ByteBuf message(int piece) {
        return MetadataMessage.data(piece, info);
    }
}
