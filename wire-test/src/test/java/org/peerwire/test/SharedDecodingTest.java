/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.EXTENDED;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.peerwire.extension.Extension;
import org.peerwire.extension.ExtensionChannel;
import org.peerwire.message.Message;

/** Tests that several subscribers of one extension share the decoded messages. */
class SharedDecodingTest {
    private static final int NUMBER = 1;

    private final ScriptedPeer peer = peer(SELF.withExtension(Extension.named("xx_chat")), EXTENDED);
    private final ExtensionChannel channel = peer.wire().extension("xx_chat");
    private final AtomicInteger decoded = new AtomicInteger();
    private final Function<ByteBuf, String> decoder = payload -> {
        decoded.incrementAndGet();
        String text = payload.toString(US_ASCII);
        if (text.equals("bad")) {
            throw new IllegalArgumentException("bad text");
        }
        return text.isEmpty() ? null : text;
    };

    private void say(String text) {
        peer.send(new Message.Extended(NUMBER, Unpooled.copiedBuffer(text, US_ASCII)));
    }

    @Test
    void aMessageIsDecodedOnceForAllSubscribersWithTheSameDecoder() {
        Recorder<String> one = Recorder.of(channel.inbound(decoder));
        Recorder<String> other = Recorder.of(channel.inbound(decoder), 0);

        say("hello");
        say("peer");
        other.request(2);

        assertThat(one.values()).containsExactly("hello", "peer");
        assertThat(other.values()).containsExactly("hello", "peer");
        assertThat(other.values().get(0)).isSameAs(one.values().get(0));
        assertThat(decoded).hasValue(2);
        peer.dispose();
    }

    @Test
    void withoutASubscriberNothingIsDecoded() {
        Recorder.of(channel.inbound(decoder)).cancel();

        say("hello");

        assertThat(decoded).hasValue(0);
        peer.dispose();
    }

    @Test
    void aMessageWithoutAValueIsLeftOut() {
        Recorder<String> texts = Recorder.of(channel.inbound(decoder));

        say("");
        say("hello");

        assertThat(texts.values()).containsExactly("hello");
        peer.dispose();
    }

    @Test
    void aDecoderThatThrowsFailsItsSubscribersAndLeavesTheWireOpen() {
        Recorder<String> texts = Recorder.of(channel.inbound(decoder));
        Recorder<String> others = Recorder.of(channel.inbound(decoder));
        Recorder<ByteBuf> raw = Recorder.of(channel.inbound());

        say("bad");

        assertThat(decoded).hasValue(1);
        assertThat(others.error()).isSameAs(texts.error());
        assertThat(texts.error()).isInstanceOf(IllegalArgumentException.class).hasMessage("bad text");
        assertThat(raw.values()).hasSize(1);
        assertThat(raw.hasEnded()).isFalse();
        assertThat(peer.isClosed()).isFalse();
        peer.dispose();
    }

    @Test
    void decodedMessagesWaitInABoundedQueueToo() {
        Recorder<String> slow = Recorder.of(channel.inbound(decoder), 0);

        for (int i = 0; i < 300; i++) {
            say("text " + i);
        }
        assertThat(decoded).hasValue(256);
        slow.request(300);

        assertThat(slow.values()).hasSize(300).endsWith("text 299");
        peer.dispose();
    }
}
