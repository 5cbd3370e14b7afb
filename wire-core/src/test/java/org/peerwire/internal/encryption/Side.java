/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.peerwire.internal.encryption.Exchange.Outcome;
import org.peerwire.internal.encryption.Exchange.Step;

/** One side of an exchange, whose work runs at once. */
final class Side {
    private final Exchange exchange;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final ByteArrayOutputStream left = new ByteArrayOutputStream();
    private Step step;

    Side(Exchange exchange) {
        this.exchange = exchange;
        this.step = exchange.feed(Unpooled.EMPTY_BUFFER);
        work();
    }

    Side feed(byte[] bytes) {
        if (step == Step.DONE) {
            left.writeBytes(bytes);
            return this;
        }
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        step = exchange.feed(in);
        work();
        left.writeBytes(ByteBufUtil.getBytes(in));
        return this;
    }

    private void work() {
        while (step == Step.COMPUTE) {
            sent.writeBytes(exchange.work().get().get());
            step = exchange.feed(Unpooled.EMPTY_BUFFER);
        }
        if (step == Step.DONE) {
            sent.writeBytes(outcome().reply());
        }
    }

    /** Bytes that it has sent and that have not been taken. */
    byte[] take() {
        byte[] bytes = sent.toByteArray();
        sent.reset();
        return bytes;
    }

    /** Bytes that arrived after the exchange, as they arrived. */
    byte[] left() {
        return left.toByteArray();
    }

    boolean isDone() {
        return step == Step.DONE;
    }

    Outcome outcome() {
        return exchange.outcome();
    }

    /** Lets two sides talk until both are silent, in reads of a maximum length. */
    static void talk(Side a, Side b, int read) {
        for (boolean quiet = false; !quiet; ) {
            quiet = pass(a, b, read) & pass(b, a, read);
        }
    }

    private static boolean pass(Side from, Side to, int read) {
        byte[] bytes = from.take();
        for (int i = 0; i < bytes.length; i += read) {
            to.feed(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + read)));
        }
        return bytes.length == 0;
    }
}
