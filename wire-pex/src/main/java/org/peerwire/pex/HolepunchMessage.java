/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One message of BEP 55.
 *
 * @param peer the target of a rendezvous or an error, or the peer to dial after a connect
 * @param errorCode the 32-bit code of an error, also one that {@link HolepunchError} does not define; 0 in the other
 *     types
 */
record HolepunchMessage(Type type, InetSocketAddress peer, int errorCode) {
    /** The length of a message with an IPv6 address and an error code. */
    static final int MAX_LENGTH = 24;

    private static final int IPV4 = 0;
    private static final int IPV6 = 1;
    private static final int IPV4_LENGTH = 4;
    private static final int IPV6_LENGTH = 16;
    private static final int PORT_LENGTH = 2;
    private static final int CODE_LENGTH = 4;

    /** The types of a message. */
    enum Type {
        /** To a relay: introduce me to the peer at this address. */
        RENDEZVOUS(0),
        /** From a relay: dial this address now, as the peer there dials yours. */
        CONNECT(1),
        /** From a relay: no introduction to this address. */
        ERROR(2);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        static Optional<Type> of(int number) {
            return Arrays.stream(values()).filter(type -> type.number == number).findAny();
        }
    }

    HolepunchMessage {
        if (peer.isUnresolved()) {
            throw new IllegalArgumentException("peer must be a resolved address, was " + peer);
        }
        errorCode = type == Type.ERROR ? errorCode : 0;
    }

    static HolepunchMessage rendezvous(InetSocketAddress target) {
        return new HolepunchMessage(Type.RENDEZVOUS, target, 0);
    }

    static HolepunchMessage connect(InetSocketAddress peer) {
        return new HolepunchMessage(Type.CONNECT, peer, 0);
    }

    static HolepunchMessage error(InetSocketAddress target, HolepunchError error) {
        return new HolepunchMessage(Type.ERROR, target, error.code());
    }

    /**
     * Decodes a message, without a change of the reader index. The error code may be absent unless the message is an
     * error: libtorrent leaves it out. Trailing bytes are not read.
     *
     * @param ignored counts each anomaly
     * @return empty for a malformed message
     */
    static Optional<HolepunchMessage> decode(ByteBuf payload, Consumer<HolepunchIgnored> ignored) {
        ByteBuf in = payload.duplicate();
        Optional<Type> type = in.readableBytes() < 2 ? Optional.empty() : Type.of(in.readUnsignedByte());
        int family = type.isPresent() ? in.readUnsignedByte() : IPV4;
        int addressLength = family == IPV4 ? IPV4_LENGTH : IPV6_LENGTH;
        int codeLength = type.filter(Type.ERROR::equals).isPresent() ? CODE_LENGTH : 0;
        if (type.isEmpty() || family > IPV6 || in.readableBytes() < addressLength + PORT_LENGTH + codeLength) {
            ignored.accept(HolepunchIgnored.MALFORMED);
            return Optional.empty();
        }
        InetSocketAddress peer = CompactAddress.read(in, addressLength);
        int code = in.readableBytes() >= CODE_LENGTH ? in.readInt() : 0;
        if (in.isReadable()) {
            ignored.accept(HolepunchIgnored.TRAILING_BYTES);
        }
        return Optional.of(new HolepunchMessage(type.get(), peer, code));
    }

    /** Encodes the message, always with the error code, because some peers accept no other form. */
    ByteBuf encode() {
        InetAddress address = peer.getAddress();
        return Unpooled.buffer(MAX_LENGTH)
                .writeByte(type.number)
                .writeByte(address instanceof Inet4Address ? IPV4 : IPV6)
                .writeBytes(address.getAddress())
                .writeShort(peer.getPort())
                .writeInt(errorCode);
    }

    @Override
    public String toString() {
        String text = type.name().toLowerCase(Locale.ROOT) + " " + peer;
        return type == Type.ERROR ? text + ": " + HolepunchError.describe(errorCode) : text;
    }
}
