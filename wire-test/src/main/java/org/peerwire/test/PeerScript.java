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
 * The sends and expectations of a scripted peer: {@link ScriptedPeer} in memory, {@link SocketPeer} over TCP. The
 * wire's handshake is not one of its messages; {@link #theirs()} returns it.
 *
 * @param <S> the type of the peer, for chained calls
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

    /** Waits for more bytes if the peer can wait. Returns false if no bytes have arrived. */
    abstract boolean await();

    /** Reads the bytes that have arrived, without waiting. */
    abstract void poll();

    // ---- sends of the peer ----

    /** Sends a handshake for the wire's torrent, with these features and the peer id {@code -SP0001-abcdefghijkl}. */
    public S handshake(Features features) {
        return handshake(new Handshake(features, infoHash, PeerId.parse("-SP0001-abcdefghijkl")));
    }

    /** Sends a handshake. */
    public S handshake(Handshake handshake) {
        ByteBuf bytes = Unpooled.buffer();
        handshake.writeTo(bytes);
        return send(bytes);
    }

    /** Sends messages together, in one write. */
    public S send(Message... all) {
        ByteBuf bytes = Unpooled.buffer();
        for (Message message : all) {
            MessageCodec.encode(message, bytes);
        }
        return send(bytes);
    }

    /** Sends bytes given as hexadecimal digits, such as those of {@link Vectors}. Ignores blanks. */
    public S sendHex(String hex) {
        return send(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replaceAll("\\s", ""))));
    }

    /** Sends an extended handshake. */
    public S send(ExtendedHandshake handshake) {
        return send(new Message.Extended(
                0, Unpooled.wrappedBuffer(handshake.dictionary().encoded())));
    }

    /**
     * Sends a message of an extension, with the number that the wire's extended handshake gave it.
     *
     * @throws AssertionError if the wire has not listed the extension
     */
    public S sendExtended(String extension, ByteBuf payload) {
        awaitUntil(() -> extended.supports(extension));
        int number = extended.extensions().getOrDefault(extension, 0);
        if (number == 0) {
            throw new AssertionError(
                    "the wire must list the extension " + extension + ", has listed " + extended.extensions());
        }
        return send(new Message.Extended(number, payload));
    }

    /** Sends bytes in one write, and releases the buffer. */
    public abstract S send(ByteBuf bytes);

    /** Ends the stream to the wire, and still receives. */
    public abstract S halfClose();

    /** Closes the connection in order. */
    public abstract S close();

    /** Breaks the connection; the wire sees a reset. */
    public abstract S reset();

    // ---- expectations of the wire ----

    /** Returns the wire's handshake, or null if it has not arrived. */
    public @Nullable Handshake theirs() {
        awaitUntil(() -> theirs != null);
        return theirs;
    }

    /** Removes and returns the next message of the wire, or null without a message. */
    public @Nullable Message next() {
        awaitUntil(() -> !messages.isEmpty());
        return messages.poll();
    }

    /** Removes and returns all messages of the wire that have arrived. */
    public List<Message> received() {
        poll();
        List<Message> all = new ArrayList<>(messages);
        messages.clear();
        return all;
    }

    /**
     * Removes and returns the next message of the wire, which must be of this type.
     *
     * @throws AssertionError if it is of another type, or no message has arrived
     */
    public <T extends Message> T expect(Class<T> kind) {
        Message next = next();
        if (!kind.isInstance(next)) {
            throw new AssertionError("expected " + kind.getSimpleName() + " but the wire sent " + orNothing(next));
        }
        return kind.cast(next);
    }

    /**
     * Removes the next message of the wire, which must equal this one.
     *
     * @throws AssertionError if it is another message, or no message has arrived
     */
    public S expect(Message expected) {
        Message next = next();
        if (!expected.equals(next)) {
            throw new AssertionError("expected " + expected + " but the wire sent " + orNothing(next));
        }
        return self();
    }

    /**
     * Removes and returns the next message of the wire, which must be an extended handshake.
     *
     * @throws AssertionError if it is another message, or no message has arrived
     */
    public ExtendedHandshake expectExtendedHandshake() {
        Message.Extended next = expect(Message.Extended.class);
        if (next.id() != 0) {
            throw new AssertionError("expected an extended handshake but the wire sent " + next);
        }
        return parse(next);
    }

    /**
     * Asserts that no message has arrived since the last expectation.
     *
     * @throws AssertionError if a message has arrived
     */
    public S expectNothing() {
        poll();
        if (!messages.isEmpty()) {
            throw new AssertionError("expected nothing but the wire sent " + messages);
        }
        return self();
    }

    /** Returns true if the wire has closed the connection, as far as its bytes have been read. */
    public abstract boolean isClosed();

    /**
     * Asserts that the wire closes the connection, in order or with a reset. Earlier messages stay available.
     *
     * @throws AssertionError if the connection is open
     */
    public S expectClosed() {
        awaitUntil(this::isClosed);
        if (!isClosed()) {
            throw new AssertionError("expected a closed connection but the wire is open");
        }
        return self();
    }

    /** Waits until a condition holds, or until no more bytes arrive. */
    final void awaitUntil(BooleanSupplier come) {
        boolean more = true;
        while (more && !come.getAsBoolean()) {
            more = await();
        }
    }

    /** Decodes bytes from the wire. */
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
