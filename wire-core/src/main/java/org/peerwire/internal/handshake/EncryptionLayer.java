/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.function.Consumer;
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
import org.peerwire.internal.inbound.PeerWireDecoder;
import org.peerwire.internal.loop.Counters.Counter;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.loop.WireContext;
import reactor.netty.Connection;

/**
 * The layer between one connection and its wire: finds out whether the connection is encrypted, exchanges the key, and
 * from then on decrypts what is read, in place, and encrypts what is written. The parts after it see plain bytes.
 *
 * <p>Decryption is a step of the connection's only subscriber and not a handler in the pipeline. A handler would miss
 * the bytes that were read before it could be added.
 */
@EventLoopOnly
final class EncryptionLayer {
    private static final byte[] PROTOCOL = Handshake.protocol();

    private final WireContext context;
    private final Connection connection;
    private final EncryptionSetup setup;
    private final PeerWireDecoder decoder;

    /** The number of bytes that equal the beginning of a plain handshake; -1 once the kind of handshake is known. */
    private int detected = -1;

    /** True after a failed handshake in silent mode; input is discarded. */
    private boolean deaf;

    private @Nullable Exchange exchange;
    private @Nullable EncryptionMethod method;
    private @Nullable InfoHash torrent;
    private @Nullable Rc4 decrypt;
    private boolean computing;
    private Consumer<Throwable> onError = error -> {};

    EncryptionLayer(WireContext context, Connection connection, EncryptionSetup setup, PeerWireDecoder decoder) {
        this.context = context;
        this.connection = connection;
        this.setup = setup;
        this.decoder = decoder;
    }

    /** Sets the receiver of errors that this side causes in the computation. */
    void onError(Consumer<Throwable> receiver) {
        onError = receiver;
    }

    EncryptionPolicy policy() {
        return setup.policy();
    }

    /** Returns the method that was agreed on; null without an encrypted handshake. */
    @Nullable
    EncryptionMethod method() {
        return method;
    }

    /** Returns the torrent whose key the peer has; null without an encrypted handshake. */
    @Nullable
    InfoHash torrent() {
        return torrent;
    }

    /** Begins an encrypted handshake, with the plain handshake inside it. */
    void dial(InfoHash torrent, byte[] handshake) {
        exchange = new Initiator(
                torrent, policy().offered(), handshake, setup.exchanges().randomness());
        advance(Unpooled.EMPTY_BUFFER);
    }

    /** Begins to detect which kind of handshake the peer sends. */
    void listen() {
        if (policy().allowsEncryption()) {
            detected = 0;
        }
    }

    /** Takes the bytes of its own from a read, and decrypts the rest in place for the decoder. */
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

    /** Compares all twenty bytes, because a public key may begin with some of them. */
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
                        Reason.ENCRYPTION, "the peer sent a plain handshake; encryption is required");
            }
            detected = -1;
            decoder.feed(Unpooled.wrappedBuffer(PROTOCOL));
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
            if (!context.isEnded()) {
                try {
                    Supplier<byte[]> done = work.get();
                    context.run(() -> computed(done));
                } catch (Throwable t) {
                    context.run(() -> onError.accept(t));
                }
            }
        });
        if (!taken) {
            throw new HandshakeException(
                    Reason.BUSY, setup.exchanges().limit() + " key exchanges are computed or wait, which is the limit");
        }
    }

    private void computed(Supplier<byte[]> done) {
        if (exchange == null || context.isEnded()) {
            return;
        }
        computing = false;
        try {
            send(done.get());
            advance(Unpooled.EMPTY_BUFFER);
        } catch (WireException e) {
            context.end(e);
        } catch (Throwable t) {
            onError.accept(t);
        }
    }

    private void open(Outcome agreed) {
        method = agreed.method();
        torrent = agreed.torrent();
        if (agreed.reply().length > 0) {
            send(agreed.reply());
        }
        if (context.isEnded()) {
            return; // the write has failed
        }
        if (method == EncryptionMethod.RC4) {
            decrypt = agreed.decrypt();
            connection.addHandlerLast(Rc4Encoder.NAME, new Rc4Encoder(agreed.encrypt()));
        }
        if (agreed.payload().length > 0) {
            decoder.feed(Unpooled.wrappedBuffer(agreed.payload()));
        }
    }

    /**
     * Writes bytes of a handshake, encrypted if that has been agreed on. A write that fails may end the connection at
     * once.
     */
    void send(byte[] bytes) {
        Channel channel = connection.channel();
        context.counters().add(Counter.BYTES_OUT, bytes.length);
        channel.writeAndFlush(channel.alloc().ioBuffer(bytes.length).writeBytes(bytes), channel.voidPromise());
    }

    /** Drops the key exchange, after the end of the connection. */
    void close() {
        detected = -1;
        exchange = null;
    }
}
