/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import reactor.core.Disposable;

/**
 * What a test can let a peer say, and can expect of the wire at the other end. In memory it is a {@link ScriptedPeer}, on a
 * port a {@link SocketPeer}. The wire's handshake is apart from its messages: {@link #theirs()}.
 *
 * @param <S> which of them
 */
public abstract sealed class PeerScript<S extends PeerScript<S>> implements Disposable
        permits ScriptedPeer, SocketPeer {
    private final InfoHash infoHash;
    private final ByteBuf read = Unpooled.buffer();
    private final ArrayDeque<Message> messages = new ArrayDeque<>();
    private @Nullable Handshake theirs;
    private ExtendedHandshake extended = ExtendedHandshake.empty();

    PeerScript(InfoHash infoHash) {
        this.infoHash = infoHash;
    }

    abstract S self();

    /** Waits for more, where waiting makes sense; false when nothing has come. */
    abstract boolean await();

    /** Takes what has come, without waiting. */
    abstract void poll();

    // ---- what the peer says ----

    /** Sends a handshake for the wire's torrent with these features. */
    public S handshake(Features features) {
        return handshake(new Handshake(features, infoHash, PeerId.parse("-SP0001-abcdefghijkl")));
    }

    /** Sends a handshake. */
    public S handshake(Handshake handshake) {
        ByteBuf bytes = Unpooled.buffer();
        handshake.writeTo(bytes);
        return send(bytes);
    }

    /** Sends messages, all together. */
    public S send(Message... all) {
        ByteBuf bytes = Unpooled.buffer();
        for (Message message : all) {
            MessageCodec.encode(message, bytes);
        }
        return send(bytes);
    }

    /** Sends bytes written as hexadecimal digits, such as {@link Vectors}; blanks are skipped. */
    public S sendHex(String hex) {
        return send(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replaceAll("\\s", ""))));
    }

    /** Sends an extended handshake. */
    public S send(ExtendedHandshake handshake) {
        return send(new Message.Extended(
                0, Unpooled.wrappedBuffer(handshake.dictionary().encoded())));
    }

    /**
     * Sends a message of an extension, under the number that the wire's extended handshake has given it.
     *
     * @throws AssertionError if the wire has not listed the extension
     */
    public S sendExtended(String extension, ByteBuf payload) {
        awaitUntil(() -> extended.supports(extension));
        int number = extended.extensions().getOrDefault(extension, 0);
        if (number == 0) {
            throw new AssertionError("the wire has not listed " + extension + " but " + extended.extensions());
        }
        return send(new Message.Extended(number, payload));
    }

    /** Sends bytes, together; the buffer's ownership passes. */
    public abstract S send(ByteBuf bytes);

    /** Sends nothing more but goes on listening. */
    public abstract S halfClose();

    /** Closes the connection in order. */
    public abstract S close();

    /** Breaks the connection. */
    public abstract S reset();

    // ---- what the wire says ----

    /** The wire's handshake, or null when it has not come. */
    public @Nullable Handshake theirs() {
        awaitUntil(() -> theirs != null);
        return theirs;
    }

    /** The next message the wire has sent, or null when there is none. */
    public @Nullable Message next() {
        awaitUntil(() -> !messages.isEmpty());
        return messages.poll();
    }

    /** All messages the wire has sent so far and nobody has looked at. */
    public List<Message> received() {
        poll();
        List<Message> all = new ArrayList<>(messages);
        messages.clear();
        return all;
    }

    /**
     * The next message the wire has sent, which must be of this kind.
     *
     * @throws AssertionError if it is another, or there is none
     */
    public <T extends Message> T expect(Class<T> kind) {
        Message next = next();
        if (!kind.isInstance(next)) {
            throw new AssertionError("expected " + kind.getSimpleName() + " but the wire sent " + orNothing(next));
        }
        return kind.cast(next);
    }

    /**
     * The next message the wire has sent must equal this one.
     *
     * @throws AssertionError if it does not
     */
    public S expect(Message expected) {
        Message next = next();
        if (!expected.equals(next)) {
            throw new AssertionError("expected " + expected + " but the wire sent " + orNothing(next));
        }
        return self();
    }

    /**
     * The next message the wire has sent, which must be an extended handshake.
     *
     * @throws AssertionError if it is another, or there is none
     */
    public ExtendedHandshake expectExtendedHandshake() {
        Message.Extended next = expect(Message.Extended.class);
        if (next.id() != 0) {
            throw new AssertionError("expected an extended handshake but the wire sent " + next);
        }
        return parse(next);
    }

    /**
     * The wire must have sent nothing so far that has not been looked at.
     *
     * @throws AssertionError if it has
     */
    public S expectNothing() {
        poll();
        if (!messages.isEmpty()) {
            throw new AssertionError("expected nothing but the wire sent " + messages);
        }
        return self();
    }

    /** Whether the wire has closed the connection, as far as its bytes have been read. */
    public abstract boolean isClosed();

    /**
     * The wire must close the connection, in order or not. What it has sent before can still be looked at.
     *
     * @throws AssertionError if it does not
     */
    public S expectClosed() {
        awaitUntil(this::isClosed);
        if (!isClosed()) {
            throw new AssertionError("the wire has not closed the connection");
        }
        return self();
    }

    /** Waits until something has come, or until waiting is of no use. */
    final void awaitUntil(BooleanSupplier come) {
        boolean more = true;
        while (more && !come.getAsBoolean()) {
            more = await();
        }
    }

    /** Takes what has come from the wire. */
    final void receive(ByteBuf bytes) {
        read.writeBytes(bytes);
        if (theirs == null) {
            if (read.readableBytes() < Handshake.LENGTH) {
                return;
            }
            theirs = Handshake.read(read);
        }
        Message message;
        while ((message = MessageCodec.decode(read)) != null) {
            messages.add(message);
            if (message instanceof Message.Extended handshake && handshake.id() == 0) {
                extended = extended.merge(parse(handshake));
            }
        }
        read.discardReadBytes();
    }

    private static Object orNothing(@Nullable Message message) {
        return message == null ? "nothing" : message;
    }

    private static ExtendedHandshake parse(Message.Extended message) {
        ByteBuf payload = message.payload().duplicate();
        return ExtendedHandshake.of(
                Bencode.decode(payload, BencodeLimits.DEFAULT).value());
    }
}
