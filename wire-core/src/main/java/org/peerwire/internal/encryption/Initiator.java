/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.peerwire.EncryptionMethod;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;

/** The side that dials. Its first step is work: it computes its keys. */
public final class Initiator extends Exchange {
    private static final byte[] PROTOCOL = Handshake.protocol();
    private static final int MAX_UNTIL_VC = KeyPair.LENGTH + MAX_PAD + VC_LENGTH;
    /** Bytes of the method and of the length of a pad. */
    private static final int HEAD_LENGTH = 6;

    private final InfoHash torrent;
    private final List<EncryptionMethod> offered;
    private final byte[] payload;
    private final Randomness randomness;

    /**
     * Creates the side that dials.
     *
     * @param torrent the torrent whose info hash is the key
     * @param offered the methods, at least one
     * @param payload the bytes to send inside the handshake, at most 65,535
     */
    public Initiator(InfoHash torrent, List<EncryptionMethod> offered, byte[] payload, Randomness randomness) {
        this.torrent = torrent;
        this.offered = offered;
        this.payload = payload;
        this.randomness = randomness;
        compute(this::makeKeys);
    }

    private Supplier<byte[]> makeKeys() {
        KeyPair own = new KeyPair(randomness.secret());
        byte[] padA = randomness.pad();
        byte[] padC = randomness.pad();
        return () -> {
            expect(PROTOCOL.length, head -> onKeyHead(own, padC, head));
            return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(own.publicKey(), padA));
        };
    }

    /** Detects a plain handshake as the answer: it is shorter than 96 bytes, so the exchange would wait for ever. */
    private void onKeyHead(KeyPair own, byte[] padC, byte[] head) {
        if (Arrays.equals(head, PROTOCOL)) {
            throw failure("the peer answered with a plain handshake");
        }
        expect(KeyPair.LENGTH - head.length, tail -> {
            byte[] theirs = ByteBufUtil.getBytes(Unpooled.wrappedBuffer(head, tail));
            KeyPair.check(theirs);
            compute(() -> {
                byte[] shared = own.agree(theirs);
                return () -> answer(new Secrets(shared, Sha1.DIGEST), padC);
            });
        });
    }

    private byte[] answer(Secrets secrets, byte[] padC) {
        Rc4 encrypt = secrets.initiatorKey(torrent);
        Rc4 decrypt = secrets.responderKey(torrent);
        seek(
                decrypt.apply(new byte[VC_LENGTH]),
                MAX_UNTIL_VC,
                () -> expect(HEAD_LENGTH, head -> {
                    ByteBuf fields = Unpooled.wrappedBuffer(decrypt.apply(head));
                    EncryptionMethod method = selected(fields.readInt());
                    expect(padLength(fields.readUnsignedShort(), "PadD"), pad -> {
                        decrypt.apply(pad);
                        finish(new Outcome(torrent, method, encrypt, decrypt, new byte[0], new byte[0]));
                    });
                }));
        ByteBuf head = Unpooled.buffer();
        writeHead(head, EncryptionMethod.bits(offered), padC);
        head.writeShort(payload.length).writeBytes(payload);
        return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(
                secrets.mark(), secrets.hiddenKey(torrent), encrypt.apply(ByteBufUtil.getBytes(head))));
    }

    private EncryptionMethod selected(int select) {
        for (EncryptionMethod method : offered) {
            if (method.bit() == select) {
                return method;
            }
        }
        throw failure("the peer selected " + Integer.toUnsignedString(select) + "; offered were " + offered);
    }
}
