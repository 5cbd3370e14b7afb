/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.peerwire.EncryptionMethod;
import org.peerwire.HandshakeException;
import org.peerwire.HandshakeException.Reason;
import org.peerwire.InfoHash;

/**
 * One side of the encrypted handshake. Feed it the bytes that are read, in reads of any length, until it has an
 * {@link Outcome}. It leaves slow computations to the caller, who runs them on another thread. It keeps no buffer. Use
 * it on one thread at a time.
 *
 * <p>The stream of each side is a public key, a pad without a length, a mark that ends the pad, and a head with fields
 * of known lengths. Every violation is a {@link HandshakeException} with {@link Reason#ENCRYPTION}.
 */
public abstract sealed class Exchange permits Initiator, Responder {
    /** The maximum length of a pad, in bytes. */
    static final int MAX_PAD = 512;

    /** The maximum number of bytes that a side may send before it has the public key of the other. */
    private static final int MAX_UNANSWERED = KeyPair.LENGTH + MAX_PAD;

    private static final byte[] NONE = {};

    /** Eight zeros, which prove that both sides have the same key. */
    static final int VC_LENGTH = 8;

    /** The next step of the caller. */
    public enum Step {
        /** Read more bytes. */
        READ,
        /** Run {@link #work()} on another thread. */
        COMPUTE,
        /** Take {@link #outcome()}. */
        DONE
    }

    /**
     * The agreement of the two sides.
     *
     * @param torrent the torrent whose info hash was the key
     * @param method the encryption of all bytes that follow
     * @param encrypt the cipher for the bytes we send, if the method is RC4
     * @param decrypt the cipher for the bytes of the peer, if the method is RC4
     * @param reply the bytes to send next; they are encrypted already
     * @param payload the payload of the peer's handshake, decrypted
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    public record Outcome(
            InfoHash torrent, EncryptionMethod method, Rc4 encrypt, Rc4 decrypt, byte[] reply, byte[] payload) {}

    private Step step = Step.READ;
    private @Nullable Supplier<Supplier<byte[]>> work;
    private @Nullable Outcome outcome;

    /** Bytes that arrived during the work. */
    private byte[] held = NONE;

    private int consumed;

    private byte[] part = NONE;
    private int filled;
    private Consumer<byte[]> onPart = bytes -> {};

    private @Nullable Sync sync;
    private int syncLimit;
    private Runnable onSync = () -> {};

    /** Takes the bytes of the exchange and leaves the rest. The buffer stays the caller's. */
    public final Step feed(ByteBuf in) {
        if (held.length > 0 && step == Step.READ) {
            ByteBuf before = Unpooled.wrappedBuffer(held);
            held = NONE;
            take(before);
            if (before.isReadable()) {
                throw failure("the peer sent " + before.readableBytes()
                        + " bytes after its handshake before it was answered");
            }
        }
        take(in);
        return step;
    }

    private void take(ByteBuf in) {
        boolean more = true;
        while (more && step == Step.READ) {
            more = sync != null ? search(in, sync) : fill(in);
        }
        if (step == Step.COMPUTE && in.isReadable()) {
            hold(in);
        }
    }

    private boolean search(ByteBuf in, Sync pattern) {
        while (in.isReadable()) {
            consumed++;
            if (pattern.next(in.readByte())) {
                sync = null;
                onSync.run();
                return true;
            }
            if (consumed == syncLimit) {
                throw failure("the mark after the peer's pad must be within " + syncLimit + " bytes");
            }
        }
        return false;
    }

    private boolean fill(ByteBuf in) {
        int length = Math.min(part.length - filled, in.readableBytes());
        in.readBytes(part, filled, length);
        filled += length;
        consumed += length;
        if (filled < part.length) {
            return false;
        }
        filled = 0;
        onPart.accept(part);
        return true;
    }

    private void hold(ByteBuf in) {
        int length = held.length + in.readableBytes();
        if (consumed + length > MAX_UNANSWERED) {
            throw failure("the peer sent " + (consumed + length) + " bytes before it was answered; at most "
                    + MAX_UNANSWERED + " are accepted");
        }
        int before = held.length;
        held = Arrays.copyOf(held, length);
        in.readBytes(held, before, length - before);
    }

    /**
     * Returns the work for another thread; it is slow or may block. Call the supplier that it returns on the event
     * loop, send its bytes, then feed again, with an empty buffer if nothing has arrived.
     */
    public final Supplier<Supplier<byte[]>> work() {
        if (work == null) {
            throw new IllegalStateException("the exchange has no work now");
        }
        return work;
    }

    /** Returns the agreement, after {@link Step#DONE}. */
    public final Outcome outcome() {
        if (outcome == null) {
            throw new IllegalStateException("the exchange is not complete");
        }
        return outcome;
    }

    // ---- for the two sides ----

    /** Continues when {@code length} bytes have arrived. */
    final void expect(int length, Consumer<byte[]> then) {
        step = Step.READ;
        part = new byte[length];
        onPart = then;
    }

    /** Continues after a mark, whose last byte must be within the first {@code limit} bytes of the stream. */
    final void seek(byte[] mark, int limit, Runnable then) {
        step = Step.READ;
        sync = new Sync(mark);
        syncLimit = limit;
        onSync = then;
    }

    /** Continues with work on another thread, whose result is sent. */
    final void compute(Supplier<Supplier<byte[]>> elsewhere) {
        step = Step.COMPUTE;
        work = elsewhere;
    }

    final void finish(Outcome result) {
        step = Step.DONE;
        outcome = result;
    }

    static HandshakeException failure(String why) {
        return new HandshakeException(Reason.ENCRYPTION, why);
    }

    /** Returns the length of a pad, after a check of the limit. */
    static int padLength(int length, String name) {
        if (length > MAX_PAD) {
            throw failure(name + " of " + length + " bytes; at most " + MAX_PAD + " are accepted");
        }
        return length;
    }

    /**
     * Returns the head of either side: eight zeros, the method or methods, and a pad of random length with its length.
     */
    static void writeHead(ByteBuf out, int methods, byte[] pad) {
        out.writeZero(VC_LENGTH).writeInt(methods).writeShort(pad.length).writeBytes(pad);
    }
}
