/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.peerwire.message.Message;
import org.peerwire.message.MessageType;
import org.reactivestreams.Subscription;

/** The subscriber of {@code inbound()}: takes everything, or nothing until it is told to. */
final class Reader extends Signals {
    /** The queue of a subscriber that pauses the wire. */
    static final int QUEUE = 4;

    private final boolean paused;
    private final Queue<MessageType> taken = new ConcurrentLinkedQueue<>();

    Reader(boolean paused) {
        this.paused = paused;
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (paused) {
            subscribed(s);
        } else {
            super.onSubscribe(s);
        }
    }

    @Override
    public void onNext(Object value) {
        taken.add(((Message) value).type());
    }

    void takeEverything() {
        request(Long.MAX_VALUE);
    }

    List<MessageType> taken() {
        return List.copyOf(taken);
    }
}
