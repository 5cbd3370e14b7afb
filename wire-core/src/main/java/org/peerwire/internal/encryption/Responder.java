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

/** The side that was dialled. Begins with the other's key: before that it has cost nothing. */
public final class Responder extends Exchange {
    private static final int MAX_UNTIL_MARK = KeyPair.LENGTH + MAX_PAD + Secrets.HASH_LENGTH;
    /** The eight zeros, the methods offered, and the length of a pad. */
    private static final int HEAD_LENGTH = VC_LENGTH + 6;

    private static final int LENGTH_LENGTH = 2;
    /** A handshake, and messages glued to it. */
    private static final int MAX_PAYLOAD = Handshake.LENGTH + 32 * 1024;

    private final Function<byte[], @Nullable InfoHash> torrents;
    private final List<EncryptionMethod> accepted;
    private final Randomness randomness;
    private final Sha1 sha1;

    /**
     * The side that was dialled.
     *
     * @param torrents which torrent has this HASH('req2', SKEY), or null
     * @param accepted the methods, the best first
     * @param sha1 {@link Sha1#DIGEST}, or what counts it
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
            throw failure("the peer has the key of none of our torrents");
        }
        Rc4 decrypt = secrets.initiatorKey(torrent);
        expect(HEAD_LENGTH, head -> {
            ByteBuf fields = Unpooled.wrappedBuffer(decrypt.apply(head));
            long zeros = fields.readLong();
            if (zeros != 0) {
                throw failure("the peer's VC is " + String.format("%016x", zeros) + ", not zero");
            }
            EncryptionMethod method = select(fields.readInt());
            int padC = padLength(fields.readUnsignedShort(), "PadC");
            expect(padC + LENGTH_LENGTH, tail -> {
                int length = Unpooled.wrappedBuffer(decrypt.apply(tail)).getUnsignedShort(padC);
                if (length > MAX_PAYLOAD) {
                    throw failure("IA has " + length + " bytes, of at most " + MAX_PAYLOAD);
                }
                expect(length, payload -> done(secrets, torrent, method, decrypt, padD, decrypt.apply(payload)));
            });
        });
    }

    /** The best that both have; bits without a meaning mean nothing. */
    private EncryptionMethod select(int provided) {
        for (EncryptionMethod method : accepted) {
            if ((provided & method.bit()) != 0) {
                return method;
            }
        }
        throw failure("the peer offers " + Integer.toUnsignedString(provided) + ", which is none of the accepted "
                + accepted);
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
