/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.peerwire.Features;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireException;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** The peers of the tests, and their messages. */
public final class Peers {
    public static final InfoHash TORRENT = InfoHash.parse("0102030405060708090a0b0c0d0e0f1011121314");
    public static final InfoHash TORRENT_V2 = InfoHash.parse("0e944f4bac6b551028725f1aee990956e387207c");
    public static final InfoHash OTHER_TORRENT = InfoHash.parse("ff".repeat(20));
    public static final PeerId PEER_ID = PeerId.parse("-SP0001-abcdefghijkl");
    public static final Features LTEP = Features.of(Feature.EXTENSION_PROTOCOL);

    private Peers() {}

    /** A peer with the default features. */
    public static LocalPeer alice() {
        return LocalPeer.of(TORRENT, PeerId.parse("-AL0001-abcdefghijkl"));
    }

    /** Another peer of the same torrent. */
    public static LocalPeer bob() {
        return LocalPeer.of(TORRENT, PeerId.parse("-BO0001-mnopqrstuvwx"));
    }

    /** Returns an extended handshake, one byte per char. */
    public static Message.Extended handshake(String latin1) {
        return extended(0, latin1);
    }

    /** Returns an extended message, one byte per char. */
    public static Message.Extended extended(int id, String latin1) {
        return new Message.Extended(id, text(latin1));
    }

    public static ByteBuf text(String latin1) {
        return Unpooled.wrappedBuffer(latin1.getBytes(ISO_8859_1));
    }

    public static String text(ByteBuf bytes) {
        return bytes.toString(ISO_8859_1);
    }

    public static ByteBuf hex(String digits) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(digits));
    }

    /** Returns the items of a publisher so far. The publisher must emit on the calling thread. */
    public static <T> List<T> collect(Publisher<T> source) {
        List<T> all = new ArrayList<>();
        Flux.from(source).subscribe(all::add, error -> {});
        return all;
    }

    /** Returns the error of a publisher, or null. */
    public static @Nullable Throwable failureOf(Publisher<?> source) {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Flux.from(source).subscribe(value -> {}, failure::set);
        return failure.get();
    }

    /** Returns the error that ended the wire. */
    public static <E extends WireException> E endOf(Wire wire, Class<E> kind) {
        assertThat(wire.isDisposed()).as("the wire has ended").isTrue();
        Throwable failure = failureOf(wire.onClose());
        assertThat(failure).isInstanceOf(kind);
        return kind.cast(failure);
    }
}
