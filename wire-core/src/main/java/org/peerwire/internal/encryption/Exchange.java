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
 * One side of the encrypted handshake: fed what is read, however it is cut, until it has an {@link Outcome}. What takes long
 * it does not do itself but leaves to be done elsewhere; everything else is cheap. Keeps no buffer, so there is none to
 * release. One thread at a time.
 *
 * <p>The stream of each side is a public key, a pad without a length, a mark that ends the pad, and a head whose parts tell
 * their lengths. Any fault is a {@link HandshakeException} with {@link Reason#ENCRYPTION}.
 */
public abstract sealed class Exchange permits Initiator, Responder {
    /** The longest pad of any kind. */
    static final int MAX_PAD = 512;

    /** What a side may send before it has seen the other's public key. */
    private static final int MAX_UNANSWERED = KeyPair.LENGTH + MAX_PAD;

    private static final byte[] NONE = {};

    /** Eight zeros, which show that both have the same key. */
    static final int VC_LENGTH = 8;

    /** What comes next. */
    public enum Step {
        /** More has to be read. */
        READ,
        /** {@link #work()} has to be done. */
        COMPUTE,
        /** {@link #outcome()} is there. */
        DONE
    }

    /**
     * What the two have agreed on.
     *
     * @param torrent whose key it was
     * @param method what happens to all that follows
     * @param encrypt goes on encrypting what we send, if the method is RC4
     * @param decrypt goes on decrypting what the peer sends, if the method is RC4
     * @param reply to be sent, in clear: it is encrypted already
     * @param payload what the peer has sent inside its handshake, decrypted
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    public record Outcome(
            InfoHash torrent, EncryptionMethod method, Rc4 encrypt, Rc4 decrypt, byte[] reply, byte[] payload) {}

    private Step step = Step.READ;
    private @Nullable Supplier<Supplier<byte[]>> work;
    private @Nullable Outcome outcome;

    /** What came while there was work to be done. */
    private byte[] held = NONE;

    private int consumed;

    private byte[] part = NONE;
    private int filled;
    private Consumer<byte[]> onPart = bytes -> {};

    private @Nullable Sync sync;
    private int syncLimit;
    private Runnable onSync = () -> {};

    /** Takes what belongs to the exchange and leaves the rest; {@code in} stays the caller's. */
    public final Step feed(ByteBuf in) {
        if (held.length > 0 && step == Step.READ) {
            ByteBuf before = Unpooled.wrappedBuffer(held);
            held = NONE;
            take(before);
            if (before.isReadable()) {
                throw failure("the peer has sent " + before.readableBytes() + " bytes behind its handshake too early");
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
                throw failure("the mark behind the peer's pad is not within " + syncLimit + " bytes");
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
            throw failure("the peer has sent " + (consumed + length) + " bytes before it was answered, of at most "
                    + MAX_UNANSWERED);
        }
        int before = held.length;
        held = Arrays.copyOf(held, length);
        in.readBytes(held, before, length - before);
    }

    /**
     * What to do elsewhere: it takes long or may block. What that gives has to be called here again; it returns bytes to
     * send, and then feeding goes on, with nothing if nothing has come.
     */
    public final Supplier<Supplier<byte[]>> work() {
        if (work == null) {
            throw new IllegalStateException("there is nothing to do");
        }
        return work;
    }

    /** What has been agreed on. */
    public final Outcome outcome() {
        if (outcome == null) {
            throw new IllegalStateException("it is not done");
        }
        return outcome;
    }

    // ---- for the two sides ----

    /** Then come so many bytes, together. */
    final void expect(int length, Consumer<byte[]> then) {
        step = Step.READ;
        part = new byte[length];
        onPart = then;
    }

    /** Then comes whatever, and behind it this mark, whose last byte is at most the {@code limit}th of the stream. */
    final void seek(byte[] mark, int limit, Runnable then) {
        step = Step.READ;
        sync = new Sync(mark);
        syncLimit = limit;
        onSync = then;
    }

    /** Then there is work to do elsewhere, and on its return something to send. */
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

    /** The length of a pad, refused above what is usual. */
    static int padLength(int length, String name) {
        if (length > MAX_PAD) {
            throw failure(name + " has " + length + " bytes, of at most " + MAX_PAD);
        }
        return length;
    }

    /** The eight zeros, a method or several, and a pad of random length behind its length: the head of either side. */
    static void writeHead(ByteBuf out, int methods, byte[] pad) {
        out.writeZero(VC_LENGTH).writeInt(methods).writeShort(pad.length).writeBytes(pad);
    }
}
