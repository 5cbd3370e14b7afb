/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.peerwire.Handshake;
import org.peerwire.HandshakeException;
import org.peerwire.PayloadMode;
import org.peerwire.ProtocolException;
import org.peerwire.WireOptions;
import org.peerwire.message.MalformedMessageException;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;

/**
 * Bytes to one handshake and then messages, however the bytes are cut. Frames that lie whole in a read are decoded in
 * place; one that spans reads is gathered into a buffer that grows with what arrives, never with what a prefix claims.
 * Can be paused between two messages; what has been read by then is kept.
 */
@EventLoopOnly
final class PeerWireDecoder {

    /** Takes what has been decoded, and owns it. */
    interface Listener {
        void onHandshake(Handshake handshake);

        void onMessage(Message message);
    }

    private static final byte[] PROTOCOL = Handshake.protocol();

    /** Prefix, id and the extension's id: what the limits depend on. */
    private static final int LIMITED_HEAD = MessageCodec.PREFIX_LENGTH + 2;

    private static final int MAX_FIRST_ALLOCATION = 64 * 1024;

    /** Bytes read during a pause before the socket is paused too: without reading, no end of a connection is seen. */
    private static final int READ_AHEAD = 64 * 1024;

    private static final int MIN_UNREAD_CAPACITY = 4 * 1024;

    private final ByteBufAllocator alloc;
    private final FrameLimits limits;
    private final boolean slicePieces;
    private final ArrayDeque<ByteBuf> unread = new ArrayDeque<>();
    private final Listener listener;
    private @Nullable ByteBuf partial;
    private boolean handshakeDone;
    private boolean paused;
    private boolean decoding;
    private boolean closed;
    private boolean finishing;
    private long offset;

    PeerWireDecoder(ByteBufAllocator alloc, WireOptions options, FrameLimits limits, Listener listener) {
        this.alloc = alloc;
        this.limits = limits;
        this.slicePieces = options.payloadMode() == PayloadMode.POOLED;
        this.listener = listener;
    }

    /** How many bytes of whole messages have been decoded. */
    long offset() {
        return offset;
    }

    /** Whether the peer has not begun a message that it has not finished. */
    boolean atBoundary() {
        return partial == null;
    }

    /** Pauses the socket when enough has been read that is not decoded. */
    void limitReadAhead(Channel channel) {
        if (paused && !closed && unreadBytes() >= READ_AHEAD) {
            channel.config().setAutoRead(false);
        }
    }

    /** Bytes that have been read and not decoded, because of a pause. */
    long unreadBytes() {
        long bytes = 0;
        for (ByteBuf in : unread) {
            bytes += in.readableBytes();
        }
        return bytes;
    }

    /** Decodes what has been read; {@code in} stays the caller's. */
    void feed(ByteBuf in) {
        if (closed) {
            return;
        }
        if (paused || decoding) {
            unread(in);
            return;
        }
        decodeAll(in);
        if (in.isReadable() && !closed) {
            unread.addFirst(in.readRetainedSlice(in.readableBytes()));
        }
        drain();
    }

    /** Keeps a read for later. Small ones are gathered, because each lies in a receive buffer of full size. */
    private void unread(ByteBuf in) {
        if (in.readableBytes() >= in.capacity() / 2) {
            unread.add(in.retainedSlice());
            return;
        }
        ByteBuf last = unread.peekLast();
        if (last == null || last.writableBytes() < in.readableBytes()) {
            last = alloc.buffer(Math.max(MIN_UNREAD_CAPACITY, in.readableBytes()));
            unread.add(last);
        }
        last.writeBytes(in, in.readerIndex(), in.readableBytes());
    }

    /** Decodes all that has been read, in spite of a pause, because no more will come. */
    void finish() {
        finishing = true;
        paused = false;
        drain();
    }

    /** Stops before the next message. */
    void pause() {
        paused = !finishing;
    }

    /** Goes on with what has been read and not decoded. */
    void resume() {
        paused = false;
        drain();
    }

    private void drain() {
        while (!paused && !decoding && !closed && !unread.isEmpty()) {
            ByteBuf in = unread.element();
            decodeAll(in);
            if (!closed && !in.isReadable()) {
                unread.remove().release();
            }
        }
    }

    /** Forgets and releases everything. */
    void close() {
        closed = true;
        if (partial != null) {
            partial.release();
            partial = null;
        }
        // the head may be on the stack of drain(): it looks at closed before it touches it again
        unread.forEach(ByteBuf::release);
        unread.clear();
    }

    private void decodeAll(ByteBuf in) {
        decoding = true;
        try {
            while (!paused && !closed && in.isReadable()) {
                if (partial == null ? !decodeOne(in) : !completePartial(partial, in)) {
                    keep(in);
                }
            }
        } finally {
            decoding = false;
        }
    }

    /** Begins a partial frame with what is left of a read. */
    private void keep(ByteBuf in) {
        if (partial == null) {
            int frame = (int) Math.min(frameLength(in), MAX_FIRST_ALLOCATION);
            partial = alloc.buffer(Math.max(frame, in.readableBytes()));
        }
        ByteBuf held = partial;
        held.writeBytes(in, Math.min(missing(held), in.readableBytes()));
    }

    /** Moves what is missing; true when the frame has been decoded. */
    private boolean completePartial(ByteBuf held, ByteBuf in) {
        held.writeBytes(in, Math.min(missing(held), in.readableBytes()));
        if (!check(held) || held.readableBytes() < frameLength(held)) {
            return true; // not complete, but everything that could be moved has been
        }
        partial = null;
        try {
            decodeOne(held);
        } finally {
            held.release();
        }
        return true;
    }

    /** Bytes until the frame is complete, or until more is known about its limit. */
    private int missing(ByteBuf held) {
        int readable = held.readableBytes();
        int known =
                handshakeDone ? (readable < MessageCodec.PREFIX_LENGTH ? MessageCodec.PREFIX_LENGTH : LIMITED_HEAD) : 0;
        long frame = frameLength(held);
        return (int) Math.max(0, (readable < known ? Math.min(known, frame) : frame) - readable);
    }

    private long frameLength(ByteBuf buffer) {
        if (!handshakeDone) {
            return Handshake.LENGTH;
        }
        return buffer.readableBytes() < MessageCodec.PREFIX_LENGTH
                ? MessageCodec.PREFIX_LENGTH
                : MessageCodec.PREFIX_LENGTH + buffer.getUnsignedInt(buffer.readerIndex());
    }

    /** Checks as much of the head as is there; false when not even the prefix is. */
    private boolean check(ByteBuf buffer) {
        int start = buffer.readerIndex();
        int readable = buffer.readableBytes();
        if (!handshakeDone) {
            for (int i = 0; i < Math.min(readable, PROTOCOL.length); i++) {
                if (buffer.getByte(start + i) != PROTOCOL[i]) {
                    throw new HandshakeException(
                            HandshakeException.Reason.NOT_BITTORRENT,
                            "the peer does not speak BitTorrent: byte " + i + " is " + buffer.getUnsignedByte(start + i)
                                    + ", not " + PROTOCOL[i]);
                }
            }
            return true;
        }
        if (readable < MessageCodec.PREFIX_LENGTH) {
            return false;
        }
        long length = buffer.getUnsignedInt(start);
        int id = readable > MessageCodec.PREFIX_LENGTH && length > 0 ? buffer.getUnsignedByte(start + 4) : -1;
        int extensionId = readable >= LIMITED_HEAD && length > 1 ? buffer.getUnsignedByte(start + 5) : -1;
        limits.check(length, id, extensionId, offset);
        return true;
    }

    private boolean decodeOne(ByteBuf in) {
        if (!check(in)) {
            return false;
        }
        long frame = frameLength(in);
        if (in.readableBytes() < frame) {
            return false;
        }
        if (handshakeDone) {
            decodeMessage(in, (int) frame);
        } else {
            decodeHandshake(in);
        }
        return true;
    }

    private void decodeHandshake(ByteBuf in) {
        Handshake handshake = Handshake.read(in);
        handshakeDone = true;
        offset += Handshake.LENGTH;
        listener.onHandshake(handshake);
    }

    private void decodeMessage(ByteBuf in, int frame) {
        Message message;
        try {
            in.skipBytes(MessageCodec.PREFIX_LENGTH);
            message = MessageCodec.decodeBody(in, frame - MessageCodec.PREFIX_LENGTH, slicePieces);
        } catch (MalformedMessageException e) {
            throw new ProtocolException(
                    ProtocolException.Reason.LENGTH, e.messageId(), offset, String.valueOf(e.getMessage()));
        }
        long at = offset;
        offset += frame;
        try {
            listener.onMessage(message);
        } catch (ProtocolException e) {
            throw e.at(at);
        }
    }
}
