/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import io.netty.buffer.ByteBuf;

/**
 * RC4 without the first 1,024 bytes of its keystream, as message stream encryption uses it. Our own, because security
 * providers may omit RC4, and because it is at least as fast as theirs. Not thread-safe.
 */
public final class Rc4 {
    private static final int SKIPPED = 1024;
    private static final int CHUNK = 4096;
    private static final int STATES = 256;
    private static final int MASK = STATES - 1;

    private final int[] state = new int[STATES];
    private int x;
    private int y;

    /** Creates a keystream that begins with its 1,025th byte. */
    public Rc4(byte[] key) {
        for (int i = 0; i < STATES; i++) {
            state[i] = i;
        }
        for (int i = 0, j = 0; i < STATES; i++) {
            int a = state[i];
            j = (j + a + key[i % key.length]) & MASK;
            state[i] = state[j];
            state[j] = a;
        }
        apply(new byte[SKIPPED]);
    }

    /** Encrypts or decrypts the array in place, and returns it. */
    byte[] apply(byte[] data) {
        apply(data, data.length);
        return data;
    }

    /** Encrypts or decrypts the readable bytes in place. No other code may share the buffer. */
    public void apply(ByteBuf data) {
        apply(data, data.duplicate().writerIndex(data.readerIndex()));
    }

    /**
     * Encrypts or decrypts the readable bytes of {@code from}, which stays unchanged, and appends them to {@code to}.
     */
    public void apply(ByteBuf from, ByteBuf to) {
        int length = from.readableBytes();
        byte[] chunk = new byte[Math.min(length, CHUNK)]; // an array is faster than the wrappers of the buffers
        for (int done = 0; done < length; done += chunk.length) {
            int bytes = Math.min(chunk.length, length - done);
            from.getBytes(from.readerIndex() + done, chunk, 0, bytes);
            apply(chunk, bytes);
            to.writeBytes(chunk, 0, bytes);
        }
    }

    private void apply(byte[] data, int length) {
        int[] s = state;
        int i = x;
        int j = y;
        for (int n = 0; n < length; n++) {
            i = (i + 1) & MASK;
            int a = s[i];
            j = (j + a) & MASK;
            int b = s[j];
            s[i] = b;
            s[j] = a;
            data[n] ^= (byte) s[(a + b) & MASK];
        }
        x = i;
        y = j;
    }
}
