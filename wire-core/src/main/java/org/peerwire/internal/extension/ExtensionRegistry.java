/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.extension;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.peerwire.MessageSink;
import org.peerwire.ProtocolException;
import org.peerwire.WireLimits;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.extension.ExtensionChannel;
import org.peerwire.internal.inbound.FrameLimits;
import org.peerwire.internal.inbound.InboundHub;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.peer.KnownTorrent;
import org.peerwire.internal.peer.PeerAdvice;
import org.peerwire.message.Message;
import org.peerwire.message.MessageType;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The extensions of both peers and their numbers (BEP 10). A received message carries our number, a sent message the
 * number of the peer.
 */
public final class ExtensionRegistry {
    /** The extension that the core itself speaks (BEP 54). */
    public static final String DONT_HAVE = "lt_donthave";

    private static final long HANDSHAKE_MILLIS = 1000;
    /** The maximum of all handshakes of the peer together, in bytes, so that new keys cannot add up for ever. */
    private static final int MAX_MERGED_LENGTH = 64 * 1024;

    private final List<Extension> ours;
    private final Map<String, Integer> ourIds = new LinkedHashMap<>();
    private final WireLimits limits;
    private final KnownTorrent torrent;
    private final PeerAdvice advice;
    private final InboundHub hub;
    private final MessageSink outbound;
    private final Sinks.Many<ExtendedHandshake> handshakes =
            Sinks.unsafe().many().replay().latest();

    private volatile @Nullable ExtendedHandshake peer;

    /** Names that our handshakes list. Any thread. */
    private final Set<String> listed = ConcurrentHashMap.newKeySet();

    /** Names that our handshakes have disabled, as far as they have been written. */
    @EventLoopOnly
    private final Set<String> withdrawn = new HashSet<>();

    @EventLoopOnly
    private int handshakesHeard;

    /** The time that the peer's handshakes have used up, at one a second. */
    @EventLoopOnly
    private long paidAt;

    /** Numbers our extensions, and tells their maximum lengths to the frame limits. */
    public ExtensionRegistry(
            List<Extension> extensions,
            WireLimits limits,
            FrameLimits frames,
            KnownTorrent torrent,
            PeerAdvice advice,
            InboundHub hub,
            MessageSink outbound) {
        this.limits = limits;
        this.torrent = torrent;
        this.advice = advice;
        this.hub = hub;
        this.outbound = outbound;
        List<Extension> all = new ArrayList<>(extensions);
        if (extensions.stream().noneMatch(extension -> extension.name().equals(DONT_HAVE))) {
            all.add(new DontHave(DONT_HAVE));
        }
        ours = List.copyOf(all);
        for (Extension extension : ours) {
            int id = ourIds.size() + 1;
            ourIds.put(extension.name(), id);
            frames.extension(id, extension.maxMessageLength());
        }
    }

    // ---- our handshakes ----

    /** Returns our first handshake: the keys that {@code first} adds, and everything our extensions advertise. */
    public ExtendedHandshake advertise(UnaryOperator<ExtendedHandshake.Builder> first) {
        return build(builder -> {
            ExtendedHandshake.Builder all = first.apply(builder);
            for (Extension extension : ours) {
                if (isAllowed(extension)) {
                    all.enable(extension.name());
                    extension.advertise(all);
                }
            }
            return all;
        });
    }

    /**
     * Returns a later handshake: the changes, and each extension that we still list. libtorrent stops using an
     * extension that a later handshake does not repeat. Any thread.
     *
     * @throws IllegalArgumentException if it enables an extension that a private torrent forbids
     */
    public ExtendedHandshake build(UnaryOperator<ExtendedHandshake.Builder> changes) {
        ExtendedHandshake.Builder mine = changes.apply(new ExtendedHandshake.Builder(this::idOf));
        Map<String, Integer> changed = mine.build().extensions();
        changed.forEach((name, id) -> {
            if (id != 0 && ourIds.containsKey(name) && !maySend(name)) {
                throw new IllegalArgumentException(name + " must not be used in a private torrent");
            }
        });
        ourIds.forEach((name, id) -> {
            if (changed.getOrDefault(name, 0) != 0) {
                listed.add(name);
            } else if (changed.containsKey(name)) {
                listed.remove(name);
            } else if (listed.contains(name) && maySend(name)) {
                mine.extension(name, id);
            }
        });
        return mine.build();
    }

    /**
     * Returns the handshake that withdraws the extensions that a private torrent forbids, or null if there is no such
     * one.
     */
    public @Nullable ExtendedHandshake withdrawForbidden() {
        List<Extension> forbidden =
                ours.stream().filter(extension -> !isAllowed(extension)).toList();
        return forbidden.isEmpty()
                ? null
                : build(builder -> {
                    forbidden.forEach(extension -> builder.disable(extension.name()));
                    return builder;
                });
    }

    /** Applies a handshake of ours that is being written: only now does the peer learn of it. */
    @EventLoopOnly
    public void onHandshakeWritten(ByteBuf payload) {
        ExtendedHandshake handshake = decode(payload);
        if (handshake != null) {
            handshake.extensions().forEach((name, id) -> {
                if (id == 0) {
                    withdrawn.add(name);
                } else {
                    withdrawn.remove(name);
                }
            });
        }
    }

    /** Returns the message that carries a handshake. */
    public static Message.Extended handshake(ExtendedHandshake handshake) {
        return new Message.Extended(
                0, Unpooled.wrappedBuffer(handshake.dictionary().encoded()));
    }

    private int idOf(String name) {
        Integer id = ourIds.get(name);
        if (id == null) {
            throw new IllegalArgumentException(
                    "the extension must be one of " + ourIds.keySet() + " of this wire, was " + name);
        }
        return id;
    }

    private boolean maySend(String name) {
        return isAllowed(ours.get(idOf(name) - 1));
    }

    private boolean isAllowed(Extension extension) {
        return !torrent.isPrivate() || extension.allowedInPrivateTorrents();
    }

    // ---- messages of the peer ----

    /** Returns true if a message with this number belongs to an extension of ours that we have not withdrawn. */
    @EventLoopOnly
    public boolean isOurs(int id) {
        if (id < 1 || id > ours.size()) {
            return false;
        }
        Extension extension = ours.get(id - 1);
        return isAllowed(extension) && !withdrawn.contains(extension.name());
    }

    /** Returns true if a message is of {@link #DONT_HAVE}. */
    public boolean isDontHave(Message.Extended message) {
        return message.id() == idOf(DONT_HAVE);
    }

    /** Returns the piece of a message of {@link #DONT_HAVE}. */
    public static int dontHavePiece(Message.Extended message) {
        ByteBuf payload = message.payload();
        if (payload.readableBytes() != DontHave.LENGTH) {
            throw new ProtocolException(
                    ProtocolException.Reason.LENGTH,
                    MessageType.EXTENDED.id(),
                    DONT_HAVE + " of " + payload.readableBytes() + " bytes; " + DontHave.LENGTH + " are accepted");
        }
        return payload.getInt(payload.readerIndex());
    }

    /**
     * Merges a handshake of the peer.
     *
     * @return the handshake as it was received; null if it is malformed, too long, or over the rate
     */
    @EventLoopOnly
    public @Nullable ExtendedHandshake onHandshake(ByteBuf payload, long now) {
        if (!mayBeHeard(now)) {
            return null;
        }
        ExtendedHandshake before = peer;
        int known = before == null ? 0 : before.dictionary().encodedLength();
        if (known + payload.readableBytes() > MAX_MERGED_LENGTH) {
            return null; // before decoding, which costs more than sending it
        }
        ExtendedHandshake next = decode(payload);
        if (next == null) {
            return null;
        }
        ExtendedHandshake merged = before == null ? ExtendedHandshake.empty().merge(next) : before.merge(next);
        if (!merged.equals(before)) {
            peer = merged;
            advice.requestQueue(merged.requestQueue().orElse(0));
            handshakes.tryEmitNext(merged);
        }
        return next;
    }

    private @Nullable ExtendedHandshake decode(ByteBuf payload) {
        try {
            BencodeValue value = Bencode.decode(payload.duplicate(), limits.extendedHandshakeStructure())
                    .value();
            return value.kind() == BencodeValue.Kind.DICTIONARY ? ExtendedHandshake.of(value) : null;
        } catch (BencodeException e) {
            return null;
        }
    }

    /** Accepts one handshake a second on average, a burst, and a maximum number in all. */
    private boolean mayBeHeard(long now) {
        if (handshakesHeard >= limits.maxExtendedHandshakes()
                || paidAt - now > (limits.extendedHandshakeBurst() - 1) * HANDSHAKE_MILLIS) {
            return false;
        }
        handshakesHeard++;
        paidAt = Math.max(paidAt, now) + HANDSHAKE_MILLIS;
        return true;
    }

    // ---- the user's side, any thread ----

    /** Returns the peer's handshake, merged, now and each time it changes. */
    public Flux<ExtendedHandshake> handshakes() {
        return handshakes.asFlux().onBackpressureLatest();
    }

    /** Returns true if the peer has listed an extension that we may use. */
    public boolean peerSupports(String name) {
        ExtendedHandshake now = peer;
        return now != null && now.supports(name) && maySend(name);
    }

    /** Returns the channel of one of our extensions. */
    public ExtensionChannel channel(String name) {
        return new Channel(name, idOf(name));
    }

    /** Completes {@link #handshakes()}. */
    @EventLoopOnly
    public void close() {
        handshakes.tryEmitComplete();
    }

    private final class Channel implements ExtensionChannel {
        private final String name;
        private final int id;

        Channel(String name, int id) {
            this.name = name;
            this.id = id;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean supported() {
            return peerSupports(name);
        }

        @Override
        public Flux<ByteBuf> inbound() {
            return hub.flux(this::isMine)
                    .map(message -> ((Message.Extended) message).payload().duplicate());
        }

        @Override
        public <T> Flux<T> inbound(Function<? super ByteBuf, ? extends @Nullable T> decoder) {
            return hub.flux(this::isMine, decoder);
        }

        private boolean isMine(Message message) {
            return message instanceof Message.Extended extended && extended.id() == id && isOurs(id);
        }

        @Override
        public Mono<Void> send(ByteBuf payload) {
            return Mono.defer(() -> outbound.send(message(payload)));
        }

        /** Returns the message with the number that the peer has given the extension. */
        private Message.Extended message(ByteBuf payload) {
            ExtendedHandshake now = peer;
            int theirId = now == null ? 0 : now.extensions().getOrDefault(name, 0);
            if (theirId == 0 || !maySend(name)) {
                payload.release();
                throw new IllegalStateException(
                        theirId == 0
                                ? "the peer does not support " + name
                                : name + " must not be used in a private torrent");
            }
            return new Message.Extended(theirId, payload);
        }
    }
}
