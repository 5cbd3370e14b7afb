/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;

/**
 * Assertions for messages and their bytes.
 *
 * <pre>{@code
 * assertThat(new Message.Have(42)).isEncodedAs("00000005 04 0000002a");
 * }</pre>
 */
public final class MessageAssert extends AbstractAssert<MessageAssert, @Nullable Message> {

    private MessageAssert(@Nullable Message actual) {
        super(actual, MessageAssert.class);
    }

    /** Returns an assertion for a message. */
    public static MessageAssert assertThat(@Nullable Message actual) {
        return new MessageAssert(actual);
    }

    /**
     * Asserts that the message encodes to these bytes, and that they decode to it.
     *
     * @param hex the hexadecimal digits, with the length prefix; blanks are ignored
     */
    public MessageAssert isEncodedAs(String hex) {
        Message message = present();
        String expected = hex.replaceAll("\\s", "");
        ByteBuf bytes = Unpooled.buffer();
        MessageCodec.encode(message, bytes);
        String encoded = ByteBufUtil.hexDump(bytes);
        if (!encoded.equals(expected)) {
            throw failureWithActualExpected(
                    encoded, expected, "%s is encoded as%n  %s%nnot as%n  %s", message, encoded, expected);
        }
        Message decoded = MessageCodec.decode(bytes);
        if (!message.equals(decoded)) {
            throw failureWithActualExpected(
                    decoded, message, "%s decodes to %s, not to %s", expected, decoded, message);
        }
        return this;
    }

    private Message present() {
        Message message = actual;
        if (message == null) {
            throw new AssertionError("the message must not be null");
        }
        return message;
    }
}
