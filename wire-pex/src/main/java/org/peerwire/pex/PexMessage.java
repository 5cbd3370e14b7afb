/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.pex.PeerEvent.Added;

/** One message of BEP 11: the peers that the sender has connected to, and those it has disconnected from. */
record PexMessage(List<Added> added, List<InetSocketAddress> dropped) {
    static final PexMessage EMPTY = new PexMessage(List.of(), List.of());

    /**
     * The maximum number of peers added, and of peers dropped, in one message. The first message may add more (BEP 11).
     */
    static final int MAX_LISTED = 50;

    private static final int IPV4 = 4;
    private static final int IPV6 = 16;

    PexMessage {
        added = List.copyOf(added);
        dropped = List.copyOf(dropped);
    }

    boolean isEmpty() {
        return added.isEmpty() && dropped.isEmpty();
    }

    // ---- decoding: tolerant, because clients omit flags, send empty dictionaries and add trailing bytes ----

    /**
     * Decodes a message, without a change of the reader index.
     *
     * @param maxAdded the maximum of added peers that are used, of both families together
     * @param expected the number of added or dropped peers above which the message counts as {@link PexIgnored#LONG}
     * @param ignored counts each anomaly
     * @return an empty message if it is malformed
     */
    static PexMessage decode(ByteBuf payload, int maxAdded, int expected, Consumer<PexIgnored> ignored) {
        Bencode.Decoded decoded;
        try {
            decoded = Bencode.decode(payload.duplicate(), BencodeLimits.DEFAULT);
        } catch (BencodeException e) {
            ignored.accept(PexIgnored.MALFORMED);
            return EMPTY;
        }
        BencodeValue dictionary = decoded.value();
        if (dictionary.kind() != BencodeValue.Kind.DICTIONARY) {
            ignored.accept(PexIgnored.MALFORMED);
            return EMPTY;
        }
        if (!decoded.softErrors().isEmpty()) {
            ignored.accept(PexIgnored.NOT_CANONICAL);
        }
        if (decoded.length() < payload.readableBytes()) {
            ignored.accept(PexIgnored.TRAILING_BYTES);
        }
        List<Added> added = new ArrayList<>();
        int told = readAdded(dictionary, "added", IPV4, maxAdded, added, ignored)
                + readAdded(dictionary, "added6", IPV6, maxAdded, added, ignored);
        List<InetSocketAddress> dropped = new ArrayList<>();
        for (ByteBuf list = list(dictionary, "dropped", IPV4, ignored); list.isReadable(); ) {
            dropped.add(CompactAddress.read(list, IPV4));
        }
        for (ByteBuf list = list(dictionary, "dropped6", IPV6, ignored); list.isReadable(); ) {
            dropped.add(CompactAddress.read(list, IPV6));
        }
        if (Math.max(told, dropped.size()) > expected) {
            ignored.accept(PexIgnored.LONG);
        }
        return new PexMessage(added, dropped);
    }

    /** Adds the peers of a list up to the maximum, and returns the number of peers in the message. */
    private static int readAdded(
            BencodeValue dictionary,
            String key,
            int addressLength,
            int maxAdded,
            List<Added> added,
            Consumer<PexIgnored> ignored) {
        ByteBuf list = list(dictionary, key, addressLength, ignored);
        int count = list.readableBytes() / (addressLength + 2);
        byte[] flags = dictionary.getBytes(key + ".f").orElse(new byte[0]);
        if (flags.length != count) {
            ignored.accept(PexIgnored.FLAGS);
        }
        for (int i = 0; i < count; i++) {
            if (added.size() >= maxAdded) {
                ignored.accept(PexIgnored.TOO_MANY);
                continue;
            }
            InetSocketAddress peer = CompactAddress.read(list, addressLength);
            added.add(new Added(peer, i < flags.length ? new PexFlags(flags[i] & 0xff) : PexFlags.NONE));
        }
        return count;
    }

    /** Returns the whole entries of a list. */
    private static ByteBuf list(BencodeValue dictionary, String key, int addressLength, Consumer<PexIgnored> ignored) {
        @Nullable BencodeValue value = dictionary.get(key);
        if (value == null) {
            return Unpooled.EMPTY_BUFFER;
        }
        byte[] bytes = value.asBytes().orElse(new byte[1]);
        int surplus = bytes.length % (addressLength + 2);
        if (surplus != 0) {
            ignored.accept(PexIgnored.LIST_LENGTH);
        }
        return Unpooled.wrappedBuffer(bytes, 0, bytes.length - surplus);
    }

    // ---- encoding: exactly one byte of flags per peer, or libtorrent skips the list ----

    /** Encodes the message. Empty lists are left out, except {@code added} in an empty message. */
    ByteBuf encode() {
        Map<String, BencodeValue> lists = new TreeMap<>();
        writeAdded(lists, "added", IPV4);
        writeAdded(lists, "added6", IPV6);
        writeDropped(lists, "dropped", IPV4);
        writeDropped(lists, "dropped6", IPV6);
        if (lists.isEmpty()) {
            lists.put("added", BencodeValue.of(new byte[0])); // BEP 11 requires at least one of the keys
        }
        return Unpooled.wrappedBuffer(BencodeValue.dictionary(lists).encoded());
    }

    private void writeAdded(Map<String, BencodeValue> lists, String key, int addressLength) {
        ByteArrayOutputStream addresses = new ByteArrayOutputStream();
        ByteArrayOutputStream flags = new ByteArrayOutputStream();
        for (Added entry : added) {
            if (addressLength(entry.peer()) == addressLength) {
                writeAddress(addresses, entry.peer());
                flags.write(entry.flags().bits());
            }
        }
        if (flags.size() > 0) {
            lists.put(key, BencodeValue.of(addresses.toByteArray()));
            lists.put(key + ".f", BencodeValue.of(flags.toByteArray()));
        }
    }

    private void writeDropped(Map<String, BencodeValue> lists, String key, int addressLength) {
        ByteArrayOutputStream addresses = new ByteArrayOutputStream();
        for (InetSocketAddress peer : dropped) {
            if (addressLength(peer) == addressLength) {
                writeAddress(addresses, peer);
            }
        }
        if (addresses.size() > 0) {
            lists.put(key, BencodeValue.of(addresses.toByteArray()));
        }
    }

    private static int addressLength(InetSocketAddress peer) {
        return peer.getAddress() instanceof Inet4Address ? IPV4 : IPV6;
    }

    private static void writeAddress(ByteArrayOutputStream out, InetSocketAddress peer) {
        out.writeBytes(peer.getAddress().getAddress());
        out.write(peer.getPort() >> 8);
        out.write(peer.getPort());
    }
}
