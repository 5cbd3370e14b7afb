/* SPDX-License-Identifier: MIT */
package org.peerwire.test.tck;

import io.netty.buffer.Unpooled;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.test.ScriptedPeer;
import org.peerwire.test.WirePair;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.Test;
import reactor.core.publisher.Flux;

/**
 * Verifies the inbound messages against the rules of Reactive Streams. The peer sends the number that the test needs.
 */
@Test
public class InboundHubTckTest extends PublisherVerification<Message> {
    /** For TestNG. */
    public InboundHubTckTest() {
        super(Tck.environment());
    }

    /** Releases all buffers. */
    @AfterMethod
    public void close() {
        Tck.close();
    }

    /** Starts the peer with the first subscription, so that every subscriber sees all messages. */
    @Override
    public Publisher<Message> createPublisher(long elements) {
        WirePair pair = Tck.pair();
        AtomicBoolean begun = new AtomicBoolean();
        AtomicBoolean cancelled = new AtomicBoolean();
        Runnable talk = () -> pair.responder()
                .outbound()
                .send(Flux.<Message>fromStream(() -> LongStream.range(0, elements)
                                .mapToObj(i -> new Message.Cancel(new BlockRequest(0, (int) i, 1))))
                        .takeWhile(message -> !cancelled.get()))
                .then(pair.responder().close())
                .subscribe();
        return Tck.bare(
                pair.initiator().inbound(),
                () -> {
                    if (begun.compareAndSet(false, true)) {
                        talk.run();
                    }
                },
                () -> cancelled.set(true));
    }

    @Override
    public Publisher<Message> createFailedPublisher() {
        ScriptedPeer peer = Tck.scripted();
        peer.send(Unpooled.buffer().writeInt(Integer.MAX_VALUE));
        return Tck.bare(peer.wire().inbound());
    }
}
