/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.inbound;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.peerwire.Handshake;
import org.peerwire.HandshakeException;
import org.peerwire.HandshakeStart;
import org.peerwire.PayloadMode;
import org.peerwire.PeerId;
import org.peerwire.ProtocolException;
import org.peerwire.WireException;
import org.peerwire.WireOptions;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.message.MalformedMessageException;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;

/**
 * Decodes bytes to one handshake and then messages, wherever the reads cut them. A frame that lies whole in a read is
 * decoded in place. A frame that spans reads is gathered in a buffer that grows with the bytes that arrive, never with
 * the length that a prefix claims. A pause takes effect between two messages; bytes that have been read by then are
 * kept.
 *
 * <pre>
 * handshake   19 "BitTorrent protocol" reserved(8) info_hash(20) | peer_id(20)
 * message     length(4) [ id(1) [ extension id(1) ] body ]
 *                    ^      ^                 ^
 *                    the limits are checked after each of these bytes
 * </pre>
 */
@EventLoopOnly
public final class PeerWireDecoder {

    /** Receives the handshake in two steps. A pause takes effect between them as well. */
    public interface HandshakeListener {

        /** Takes the first 48 bytes. The peer may send the rest only after an answer. */
        default void onStart(HandshakeStart start) {}

        /** Takes all 68 bytes. */
        void onHandshake(Handshake handshake);
    }

    /** Receives the messages. */
    public interface MessageListener {

        /** Takes a message and its ownership. */
        void onMessage(Message message);
    }

    private static final byte[] PROTOCOL = Handshake.protocol();

    /** Prefix, id and extension id: the bytes that the limits depend on. */
    private static final int LIMITED_HEAD = MessageCodec.PREFIX_LENGTH + 2;

    private static final int MAX_FIRST_ALLOCATION = 64 * 1024;

    /** Bytes read during a pause before the socket pauses too. Without reading, the end of a connection is not seen. */
    private static final int READ_AHEAD = 64 * 1024;

    private static final int MIN_UNREAD_CAPACITY = 4 * 1024;

    private final ByteBufAllocator alloc;
    private final FrameLimits limits;
    private final boolean slicePieces;
    private final ArrayDeque<ByteBuf> unread = new ArrayDeque<>();
    private HandshakeListener handshakes = handshake -> {};
    private MessageListener messages = ReferenceCountUtil::release;
    private @Nullable ByteBuf partial;
    private @Nullable HandshakeStart start;
    private boolean handshakeDone;
    private boolean paused;
    private boolean decoding;
    private boolean closed;
    private boolean finishing;
    private long offset;

    /** Creates a decoder that begins with the handshake. */
    public PeerWireDecoder(ByteBufAllocator alloc, WireOptions options, FrameLimits limits) {
        this.alloc = alloc;
        this.limits = limits;
        this.slicePieces = options.payloadMode() == PayloadMode.POOLED;
    }

    /** Sets the receiver of the handshake, once, before the first read. */
    public void deliverHandshakeTo(HandshakeListener listener) {
        handshakes = listener;
    }

    /** Sets the receiver of the messages, once, before the first message is decoded. */
    public void deliverMessagesTo(MessageListener listener) {
        messages = listener;
    }

    /** Returns the number of bytes of whole messages that have been decoded. */
    long offset() {
        return offset;
    }

    /** Returns true if the last bytes completed a message. */
    public boolean atBoundary() {
        return partial == null;
    }

    /** Pauses the socket when enough bytes have been read during a pause. */
    public void limitReadAhead(Channel channel) {
        if (paused && !closed && unreadBytes() >= READ_AHEAD) {
            channel.config().setAutoRead(false);
        }
    }

    /** Returns the number of bytes that have been read and, because of a pause, not decoded. */
    long unreadBytes() {
        long bytes = 0;
        for (ByteBuf in : unread) {
            bytes += in.readableBytes();
        }
        return bytes;
    }

    /**
     * Decodes a read, or keeps it during a pause. The buffer stays the caller's.
     *
     * @throws WireException if the peer violates the protocol
     */
    public void feed(ByteBuf in) {
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

    /** Keeps a read for later. Copies small reads together, because each lies in a receive buffer of full size. */
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

    /** Decodes everything that has been read, also during a pause, because the connection has ended. */
    public void finish() {
        finishing = true;
        paused = false;
        drain();
    }

    /** Stops before the next message. */
    public void pause() {
        paused = !finishing;
    }

    /** Returns true during a pause. */
    public boolean isPaused() {
        return paused;
    }

    /** Continues with the bytes that have been read during the pause. May be paused again before it returns. */
    public void resume() {
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

    /** Releases everything and ignores the reads that follow. */
    public void close() {
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
                if (partial != null) {
                    completePartial(partial, in);
                } else if (!decodeOne(in)) {
                    keep(in);
                }
            }
        } finally {
            decoding = false;
        }
    }

    /** Begins a partial frame with the rest of a read. */
    private void keep(ByteBuf in) {
        int frame = (int) Math.min(frameLength(in), MAX_FIRST_ALLOCATION);
        ByteBuf held = alloc.buffer(Math.max(frame, in.readableBytes()));
        partial = held;
        held.writeBytes(in, Math.min(missing(held), in.readableBytes()));
    }

    /** Moves the missing bytes to the partial frame and decodes it when it is complete. */
    private void completePartial(ByteBuf held, ByteBuf in) {
        held.writeBytes(in, Math.min(missing(held), in.readableBytes()));
        if (!check(held) || held.readableBytes() < frameLength(held)) {
            return;
        }
        partial = null;
        try {
            decodeOne(held);
        } finally {
            held.release();
        }
    }

    /** Returns the number of bytes until the frame is complete, or until the next byte that the limits depend on. */
    private int missing(ByteBuf held) {
        int readable = held.readableBytes();
        int known =
                handshakeDone ? (readable < MessageCodec.PREFIX_LENGTH ? MessageCodec.PREFIX_LENGTH : LIMITED_HEAD) : 0;
        long frame = frameLength(held);
        return (int) Math.max(0, (readable < known ? Math.min(known, frame) : frame) - readable);
    }

    private long frameLength(ByteBuf buffer) {
        if (!handshakeDone) {
            return start == null ? HandshakeStart.LENGTH : PeerId.LENGTH;
        }
        return buffer.readableBytes() < MessageCodec.PREFIX_LENGTH
                ? MessageCodec.PREFIX_LENGTH
                : MessageCodec.PREFIX_LENGTH + buffer.getUnsignedInt(buffer.readerIndex());
    }

    /** Checks the head as far as it has arrived. Returns false if the prefix has not. */
    private boolean check(ByteBuf buffer) {
        int at = buffer.readerIndex();
        int readable = buffer.readableBytes();
        if (!handshakeDone) {
            checkProtocol(buffer);
            return true;
        }
        if (readable < MessageCodec.PREFIX_LENGTH) {
            return false;
        }
        long length = buffer.getUnsignedInt(at);
        int id = readable > MessageCodec.PREFIX_LENGTH && length > 0 ? buffer.getUnsignedByte(at + 4) : -1;
        int extensionId = readable >= LIMITED_HEAD && length > 1 ? buffer.getUnsignedByte(at + 5) : -1;
        limits.check(length, id, extensionId, offset);
        return true;
    }

    private void checkProtocol(ByteBuf buffer) {
        int checked = start == null ? Math.min(buffer.readableBytes(), PROTOCOL.length) : 0;
        for (int i = 0; i < checked; i++) {
            byte next = buffer.getByte(buffer.readerIndex() + i);
            if (next != PROTOCOL[i]) {
                throw new HandshakeException(
                        HandshakeException.Reason.NOT_BITTORRENT,
                        "the peer does not speak BitTorrent: byte " + i + " of its handshake is "
                                + Byte.toUnsignedInt(next) + ", must be " + PROTOCOL[i]);
            }
        }
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
        HandshakeListener listener = handshakes;
        HandshakeStart begun = start;
        if (begun == null) {
            begun = start = HandshakeStart.read(in);
            offset += HandshakeStart.LENGTH;
            listener.onStart(begun);
            return;
        }
        Handshake handshake = new Handshake(begun.features(), begun.infoHash(), PeerId.read(in));
        handshakeDone = true;
        offset += PeerId.LENGTH;
        handshakes = another -> {}; // there is only one, and the opening is not needed after it
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
            messages.onMessage(message);
        } catch (ProtocolException e) {
            throw e.at(at);
        }
    }
}
