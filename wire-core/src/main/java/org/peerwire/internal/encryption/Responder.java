/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.peerwire.EncryptionMethod;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;

/** The side that is dialled. Computes nothing before the key of the other side has arrived. */
public final class Responder extends Exchange {
    private static final int MAX_UNTIL_MARK = KeyPair.LENGTH + MAX_PAD + Secrets.HASH_LENGTH;
    /** Bytes of the eight zeros, the offered methods and the length of a pad. */
    private static final int HEAD_LENGTH = VC_LENGTH + 6;

    private static final int LENGTH_LENGTH = 2;
    /** The maximum length of a handshake and of messages sent together with it. */
    private static final int MAX_PAYLOAD = Handshake.LENGTH + 32 * 1024;

    private final Function<byte[], @Nullable InfoHash> torrents;
    private final List<EncryptionMethod> accepted;
    private final Randomness randomness;
    private final Sha1 sha1;

    /**
     * Creates the side that is dialled.
     *
     * @param torrents finds the torrent of a HASH('req2', SKEY), or returns null
     * @param accepted the methods, the best first
     * @param sha1 {@link Sha1#DIGEST}, or a counter around it
     */
    public Responder(
            Function<byte[], @Nullable InfoHash> torrents,
            List<EncryptionMethod> accepted,
            Randomness randomness,
            Sha1 sha1) {
        this.torrents = torrents;
        this.accepted = accepted;
        this.randomness = randomness;
        this.sha1 = sha1;
        expect(KeyPair.LENGTH, this::onKey);
    }

    private void onKey(byte[] theirs) {
        KeyPair.check(theirs);
        compute(() -> agree(theirs));
    }

    private Supplier<byte[]> agree(byte[] theirs) {
        KeyPair own = new KeyPair(randomness.secret());
        byte[] shared = own.agree(theirs);
        byte[] padB = randomness.pad();
        byte[] padD = randomness.pad();
        return () -> {
            Secrets secrets = new Secrets(shared, sha1);
            seek(
                    secrets.mark(),
                    MAX_UNTIL_MARK,
                    () -> expect(Secrets.HASH_LENGTH, hidden -> onHiddenKey(secrets, padD, hidden)));
            return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(own.publicKey(), padB));
        };
    }

    private void onHiddenKey(Secrets secrets, byte[] padD, byte[] hidden) {
        InfoHash torrent = torrents.apply(secrets.unhide(hidden));
        if (torrent == null) {
            throw failure("the peer has the key of no torrent of ours");
        }
        Rc4 decrypt = secrets.initiatorKey(torrent);
        expect(HEAD_LENGTH, head -> {
            ByteBuf fields = Unpooled.wrappedBuffer(decrypt.apply(head));
            long zeros = fields.readLong();
            if (zeros != 0) {
                throw failure("the VC of the peer must be zero, was " + String.format("%016x", zeros));
            }
            EncryptionMethod method = select(fields.readInt());
            int padC = padLength(fields.readUnsignedShort(), "PadC");
            expect(padC + LENGTH_LENGTH, tail -> {
                int length = Unpooled.wrappedBuffer(decrypt.apply(tail)).getUnsignedShort(padC);
                if (length > MAX_PAYLOAD) {
                    throw failure("IA of " + length + " bytes; at most " + MAX_PAYLOAD + " are accepted");
                }
                expect(length, payload -> done(secrets, torrent, method, decrypt, padD, decrypt.apply(payload)));
            });
        });
    }

    /** Returns the best method of both sides. Ignores unknown bits. */
    private EncryptionMethod select(int provided) {
        for (EncryptionMethod method : accepted) {
            if ((provided & method.bit()) != 0) {
                return method;
            }
        }
        throw failure("the peer offers " + Integer.toUnsignedString(provided) + "; accepted are " + accepted);
    }

    private void done(
            Secrets secrets, InfoHash torrent, EncryptionMethod method, Rc4 decrypt, byte[] padD, byte[] payload) {
        Rc4 encrypt = secrets.responderKey(torrent);
        ByteBuf head = Unpooled.buffer();
        writeHead(head, method.bit(), padD);
        byte[] reply = encrypt.apply(ByteBufUtil.getBytes(head));
        finish(new Outcome(torrent, method, encrypt, decrypt, reply, payload));
    }
}
