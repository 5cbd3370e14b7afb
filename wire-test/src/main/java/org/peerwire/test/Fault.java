/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/**
 * A fault of one {@link Line}. The static methods create common faults. Your own fault is a lambda:
 *
 * <pre>{@code
 * pair.toResponder().fault((bytes, out) -> {
 *     out.accept(bytes.retainedDuplicate());
 *     out.accept(bytes); // everything arrives twice
 * });
 * }</pre>
 */
@FunctionalInterface
public interface Fault {

    /**
     * Receives sent bytes and decides which bytes arrive.
     *
     * @param bytes at least one byte; the fault owns the buffer
     * @param out takes the bytes that arrive, and their ownership: never, once or several times, each call one read
     */
    void travel(ByteBuf bytes, Consumer<ByteBuf> out);

    /** Returns a fault without effect. */
    static Fault none() {
        return (bytes, out) -> out.accept(bytes);
    }

    /** Returns a fault that discards all bytes silently. */
    static Fault drop() {
        return (bytes, out) -> bytes.release();
    }

    /** Returns a fault that delivers all bytes in reads of at most {@code length} bytes. */
    static Fault split(int length) {
        if (length < 1) {
            throw new IllegalArgumentException("length must be at least 1, was " + length);
        }
        return (bytes, out) -> {
            while (bytes.isReadable()) {
                out.accept(bytes.readRetainedSlice(Math.min(length, bytes.readableBytes())));
            }
            bytes.release();
        };
    }

    /**
     * Returns a fault that flips all bits of one byte.
     *
     * @param position the position of the byte, counted from 0 at the first byte after the fault is set
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
                ByteBuf copy = bytes.copy(); // the sender may still use the sent buffer
                copy.setByte(copy.readerIndex() + (int) left, ~copy.getByte(copy.readerIndex() + (int) left));
                left = -1;
                bytes.release();
                out.accept(copy);
            }
        };
    }

    /**
     * Returns a fault that delivers a number of bytes and discards the bytes after them.
     *
     * @param length the number of bytes that arrive, counted from the first byte after the fault is set
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
