/* SPDX-License-Identifier: MIT */
package org.peerwire.bencode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.Unpooled;
import org.peerwire.bencode.Bencode.Decoded;

/** The helpers of the tests in this package. */
final class Samples {

    private Samples() {}

    /** Returns one byte for each char. */
    static byte[] bytes(String latin1) {
        return latin1.getBytes(ISO_8859_1);
    }

    static Decoded read(String latin1) {
        return Bencode.decode(Unpooled.wrappedBuffer(bytes(latin1)), BencodeLimits.DEFAULT);
    }

    static BencodeException refused(byte[] input, BencodeLimits limits) {
        BencodeException error = catchThrowableOfType(BencodeException.class, () -> Bencode.decode(input, limits));
        assertThat(error).isNotNull();
        return error;
    }

    /** Returns a value rebuilt from the views of a value. */
    static BencodeValue rebuilt(BencodeValue value) {
        return switch (value.kind()) {
            case INTEGER -> BencodeValue.of(value.asLong().orElseThrow());
            case STRING -> BencodeValue.of(value.asBytes().orElseThrow());
            case LIST ->
                BencodeValue.list(value.items().stream().map(Samples::rebuilt).toList());
            case DICTIONARY -> {
                DictionaryBuilder builder = BencodeValue.dictionary();
                value.entries().forEach((key, entry) -> builder.put(key, rebuilt(entry)));
                yield builder.build();
            }
        };
    }
}
