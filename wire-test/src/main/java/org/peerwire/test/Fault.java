/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/**
 * What goes wrong with the bytes that travel one {@link Line}. Some faults are here; one of your own is a lambda:
 *
 * <pre>{@code
 * pair.toResponder().fault((bytes, out) -> {
 *     out.accept(bytes.retainedDuplicate());
 *     out.accept(bytes); // everything comes twice
 * });
 * }</pre>
 */
@FunctionalInterface
public interface Fault {

    /**
     * Something has been sent.
     *
     * @param bytes at least one byte; its ownership passes
     * @param out takes what is to arrive, and its ownership: not at all, once or several times, each a read of its own
     */
    void travel(ByteBuf bytes, Consumer<ByteBuf> out);

    /** Nothing goes wrong. */
    static Fault none() {
        return (bytes, out) -> out.accept(bytes);
    }

    /** Nothing arrives, and nobody is told. */
    static Fault drop() {
        return (bytes, out) -> bytes.release();
    }

    /** Nothing is lost, but it arrives in reads of so many bytes. */
    static Fault split(int length) {
        if (length < 1) {
            throw new IllegalArgumentException("a read has at least one byte, not " + length);
        }
        return (bytes, out) -> {
            while (bytes.isReadable()) {
                out.accept(bytes.readRetainedSlice(Math.min(length, bytes.readableBytes())));
            }
            bytes.release();
        };
    }

    /**
     * All bits of one byte are flipped.
     *
     * @param position of the byte, counted from 0 from when the fault is put in
     */
    static Fault corrupt(long position) {
        return new Fault() {
            private long left = position;

            @Override
            public void travel(ByteBuf bytes, Consumer<ByteBuf> out) {
                if (left < 0 || left >= bytes.readableBytes()) {
                    left -= bytes.readableBytes();
                    out.accept(bytes);
                    return;
                }
                ByteBuf copy = bytes.copy(); // the sender may go on using what it has sent
                copy.setByte(copy.readerIndex() + (int) left, ~copy.getByte(copy.readerIndex() + (int) left));
                left = -1;
                bytes.release();
                out.accept(copy);
            }
        };
    }

    /**
     * So many bytes arrive, and what is behind them does not.
     *
     * @param length counted from when the fault is put in
     */
    static Fault dropAfter(long length) {
        return new Fault() {
            private long left = length;

            @Override
            public void travel(ByteBuf bytes, Consumer<ByteBuf> out) {
                int passed = (int) Math.min(left, bytes.readableBytes());
                left -= passed;
                if (passed > 0) {
                    out.accept(bytes.readRetainedSlice(passed));
                }
                bytes.release();
            }
        };
    }
}
