/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.peerwire.EncryptionMethod;
import org.peerwire.EncryptionPolicy;
import org.peerwire.Handshake;
import org.peerwire.HandshakeException;
import org.peerwire.HandshakeException.Reason;
import org.peerwire.InfoHash;
import org.peerwire.WireException;
import org.peerwire.internal.encryption.Exchange;
import org.peerwire.internal.encryption.Exchange.Outcome;
import org.peerwire.internal.encryption.Exchange.Step;
import org.peerwire.internal.encryption.Initiator;
import org.peerwire.internal.encryption.Rc4;
import org.peerwire.internal.encryption.Responder;
import org.peerwire.internal.encryption.Sha1;
import reactor.netty.Connection;

/**
 * What stands between one connection and its wire: finds out whether the connection is encrypted, has the key exchanged,
 * and then decrypts what is read, in place, and encrypts what is written. Everything behind it sees plain bytes.
 *
 * <p>Reading is no handler in the pipeline but a step of its only subscriber, so that what was read before a handler could
 * be added is decrypted too.
 */
@EventLoopOnly
final class Encryption {

    /** The one whose bytes they are. */
    interface Owner {
        /** To be written as it is. */
        void send(byte[] bytes);

        /** For the decoder, before what is read from now on. */
        void decode(ByteBuf bytes);

        /** The end of the connection. */
        void fail(WireException cause);
    }

    private static final byte[] PROTOCOL = Handshake.protocol();

    private final Connection connection;
    private final Channel channel;
    private final EncryptionSetup setup;
    private final Owner owner;

    /** How many bytes of a plain handshake have come, while it may still be one; -1 when that is settled. */
    private int detected = -1;

    /** Whether we no longer listen to somebody whose handshake was wrong. */
    private boolean deaf;

    private @Nullable Exchange exchange;
    private @Nullable EncryptionMethod method;
    private @Nullable InfoHash torrent;
    private @Nullable Rc4 decrypt;
    private boolean computing;
    private volatile boolean closed;

    Encryption(Connection connection, EncryptionSetup setup, Owner owner) {
        this.connection = connection;
        this.channel = connection.channel();
        this.setup = setup;
        this.owner = owner;
    }

    EncryptionPolicy policy() {
        return setup.policy();
    }

    /** What the peer has chosen or we have; null without encryption. */
    @Nullable
    EncryptionMethod method() {
        return method;
    }

    /** The torrent whose key the peer has, or null without encryption. */
    @Nullable
    InfoHash torrent() {
        return torrent;
    }

    /** Begins as the one who has dialled; the handshake goes inside. */
    void dial(InfoHash torrent, byte[] handshake) {
        exchange = new Initiator(
                torrent, policy().offered(), handshake, setup.exchanges().randomness());
        advance(Unpooled.EMPTY_BUFFER);
    }

    /** Begins as the one who was dialled. */
    void listen() {
        if (policy().allowsEncryption()) {
            detected = 0;
        }
    }

    /** Takes what has been read; what it leaves in {@code in} is plain and for the decoder. */
    void read(ByteBuf in) {
        try {
            if (detected >= 0) {
                detect(in);
            }
            advance(in);
        } catch (HandshakeException e) {
            giveUp(e);
        }
        if (deaf) {
            in.skipBytes(in.readableBytes());
        }
        if (decrypt != null) {
            decrypt.apply(in);
        }
    }

    /** All twenty bytes decide: a public key may begin with some of them. */
    private void detect(ByteBuf in) {
        while (in.isReadable() && detected < PROTOCOL.length) {
            if (in.getByte(in.readerIndex()) != PROTOCOL[detected]) {
                exchange = new Responder(
                        setup.keys()::find,
                        policy().accepted(),
                        setup.exchanges().randomness(),
                        Sha1.DIGEST);
                advance(Unpooled.wrappedBuffer(PROTOCOL, 0, detected));
                detected = -1;
                return;
            }
            in.skipBytes(1);
            detected++;
        }
        if (detected == PROTOCOL.length) {
            if (!policy().allowsPlaintext()) {
                throw new HandshakeException(
                        Reason.ENCRYPTION, "the peer came with a plain handshake, but encryption is required");
            }
            detected = -1;
            owner.decode(Unpooled.wrappedBuffer(PROTOCOL));
        }
    }

    private void giveUp(HandshakeException cause) {
        if (!policy().isSilent() || cause.reason() != Reason.ENCRYPTION || exchange instanceof Initiator) {
            throw cause;
        }
        exchange = null;
        detected = -1;
        deaf = true;
    }

    private void advance(ByteBuf in) {
        if (exchange == null) {
            return;
        }
        Step step = exchange.feed(in);
        if (step == Step.COMPUTE && !computing) {
            compute(exchange.work());
        } else if (step == Step.DONE) {
            Outcome agreed = exchange.outcome();
            exchange = null;
            open(agreed);
        }
    }

    private void compute(Supplier<Supplier<byte[]>> work) {
        computing = true;
        boolean taken = setup.exchanges().submit(() -> {
            if (!closed) {
                Supplier<byte[]> done = work.get();
                Loops.run(channel.eventLoop(), () -> computed(done));
            }
        });
        if (!taken) {
            throw new HandshakeException(
                    Reason.BUSY, setup.exchanges().limit() + " key exchanges wait already or are computed");
        }
    }

    private void computed(Supplier<byte[]> done) {
        if (exchange == null) {
            return;
        }
        computing = false;
        try {
            owner.send(done.get());
            advance(Unpooled.EMPTY_BUFFER);
        } catch (WireException e) {
            owner.fail(e);
        }
    }

    private void open(Outcome agreed) {
        method = agreed.method();
        torrent = agreed.torrent();
        if (agreed.reply().length > 0) {
            owner.send(agreed.reply());
        }
        if (method == EncryptionMethod.RC4) {
            decrypt = agreed.decrypt();
            connection.addHandlerLast(Rc4Encoder.NAME, new Rc4Encoder(agreed.encrypt()));
        }
        if (agreed.payload().length > 0) {
            owner.decode(Unpooled.wrappedBuffer(agreed.payload()));
        }
    }

    /** Does nothing more. */
    void close() {
        closed = true;
        detected = -1;
        exchange = null;
    }
}
