/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
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
import org.peerwire.message.Message;
import org.peerwire.message.MessageType;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The numbers of the extension protocol (BEP 10): received messages carry the number we gave, sent ones the number the peer
 * gave.
 */
final class Extensions {
    /** The one extension the core speaks itself (BEP 54). */
    static final String DONT_HAVE = "lt_donthave";

    private static final long HANDSHAKE_MILLIS = 1000;
    /** Many handshakes with ever new keys add up to no more than this. */
    private static final int MAX_MERGED_LENGTH = 64 * 1024;

    private static final int DONT_HAVE_LENGTH = 4;

    private final List<Extension> ours;
    private final Map<String, Integer> ourIds = new LinkedHashMap<>();
    private final WireLimits limits;
    private final InboundHub hub;
    private final MessageSink outbound;
    private final Sinks.Many<ExtendedHandshake> handshakes =
            Sinks.unsafe().many().replay().latest();

    private volatile @Nullable ExtendedHandshake peer;
    private volatile boolean privateTorrent;
    private final AtomicReference<Set<String>> withdrawn = new AtomicReference<>(Set.of());

    @EventLoopOnly
    private int handshakesHeard;

    /** When all that has been heard has been paid for, at one handshake a second. */
    @EventLoopOnly
    private long paidAt;

    @EventLoopOnly
    private int peerRequestQueue;

    Extensions(
            List<Extension> extensions, WireLimits limits, FrameLimits frames, InboundHub hub, MessageSink outbound) {
        this.limits = limits;
        this.hub = hub;
        this.outbound = outbound;
        List<Extension> all = new ArrayList<>(extensions);
        if (extensions.stream().noneMatch(extension -> extension.name().equals(DONT_HAVE))) {
            all.add(new Extension() {
                @Override
                public String name() {
                    return DONT_HAVE;
                }

                @Override
                public int maxMessageLength() {
                    return DONT_HAVE_LENGTH;
                }
            });
        }
        ours = List.copyOf(all);
        for (Extension extension : ours) {
            int id = ourIds.size() + 1;
            ourIds.put(extension.name(), id);
            frames.extension(id, extension.maxMessageLength());
        }
    }

    /** The first handshake, with everything we speak. */
    ExtendedHandshake advertise(UnaryOperator<ExtendedHandshake.Builder> first, boolean privateTorrent) {
        this.privateTorrent = privateTorrent;
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

    /** A later handshake, with only what changes. */
    ExtendedHandshake build(UnaryOperator<ExtendedHandshake.Builder> changes) {
        ExtendedHandshake handshake =
                changes.apply(new ExtendedHandshake.Builder(this::idOf)).build();
        handshake.extensions().forEach((name, id) -> {
            if (id != 0 && ourIds.containsKey(name) && !maySend(name)) {
                throw new IllegalArgumentException(name + " is not for private torrents");
            }
        });
        withdrawn.updateAndGet(before -> {
            Set<String> names = new HashSet<>(before);
            handshake.extensions().forEach((name, id) -> {
                if (id == 0) {
                    names.add(name);
                } else {
                    names.remove(name);
                }
            });
            return Set.copyOf(names);
        });
        return handshake;
    }

    /** The handshake that withdraws what a private torrent forbids, or null when there is nothing to withdraw. */
    @Nullable
    ExtendedHandshake withdrawForPrivate() {
        privateTorrent = true;
        List<Extension> forbidden = ours.stream()
                .filter(extension -> !extension.allowedInPrivateTorrents())
                .toList();
        return forbidden.isEmpty()
                ? null
                : build(builder -> {
                    forbidden.forEach(extension -> builder.disable(extension.name()));
                    return builder;
                });
    }

    private int idOf(String name) {
        Integer id = ourIds.get(name);
        if (id == null) {
            throw new IllegalArgumentException(name + " is not an extension of this wire; it has " + ourIds.keySet());
        }
        return id;
    }

    /** Whether a message with this number is of an extension we speak and have not withdrawn. */
    boolean isOurs(int id) {
        if (id < 1 || id > ours.size()) {
            return false;
        }
        Extension extension = ours.get(id - 1);
        return isAllowed(extension) && !withdrawn.get().contains(extension.name());
    }

    private boolean maySend(String name) {
        return isAllowed(ours.get(idOf(name) - 1));
    }

    private boolean isAllowed(Extension extension) {
        return !privateTorrent || extension.allowedInPrivateTorrents();
    }

    boolean isDontHave(Message.Extended message) {
        return message.id() == idOf(DONT_HAVE);
    }

    /** The piece of such a message (BEP 54). */
    static int dontHavePiece(Message.Extended message) {
        ByteBuf payload = message.payload();
        if (payload.readableBytes() != DONT_HAVE_LENGTH) {
            throw new ProtocolException(
                    ProtocolException.Reason.LENGTH,
                    MessageType.EXTENDED.id(),
                    DONT_HAVE + " has " + payload.readableBytes() + " bytes, not the " + DONT_HAVE_LENGTH
                            + " it must have");
        }
        return payload.getInt(payload.readerIndex());
    }

    /** Takes in a handshake of the peer and gives it as it came; null if it is none, or one too many. */
    @EventLoopOnly
    @Nullable
    ExtendedHandshake onHandshake(ByteBuf payload, long now) {
        if (!mayBeHeard(now)) {
            return null;
        }
        ExtendedHandshake before = peer;
        int known = before == null ? 0 : before.dictionary().encodedLength();
        if (known + payload.readableBytes() > MAX_MERGED_LENGTH) {
            return null; // before it is read and merged, which costs more than sending it
        }
        ExtendedHandshake next;
        try {
            BencodeValue value = Bencode.decode(payload.duplicate(), limits.extendedHandshakeStructure())
                    .value();
            if (value.kind() != BencodeValue.Kind.DICTIONARY) {
                return null;
            }
            next = ExtendedHandshake.of(value);
        } catch (BencodeException e) {
            return null;
        }
        ExtendedHandshake merged = before == null ? ExtendedHandshake.empty().merge(next) : before.merge(next);
        if (!merged.equals(before)) {
            peer = merged;
            peerRequestQueue = merged.requestQueue().orElse(0);
            handshakes.tryEmitNext(merged);
        }
        return next;
    }

    /** One a second on the average, some at once, and not for ever. */
    @EventLoopOnly
    private boolean mayBeHeard(long now) {
        if (handshakesHeard >= limits.maxExtendedHandshakes()
                || paidAt - now > (limits.extendedHandshakeBurst() - 1) * HANDSHAKE_MILLIS) {
            return false;
        }
        handshakesHeard++;
        paidAt = Math.max(paidAt, now) + HANDSHAKE_MILLIS;
        return true;
    }

    /** How many requests the peer queues, or 0 when it has not said. */
    @EventLoopOnly
    int peerRequestQueue() {
        return peerRequestQueue;
    }

    Flux<ExtendedHandshake> handshakes() {
        return handshakes.asFlux().onBackpressureLatest();
    }

    boolean peerSupports(String name) {
        ExtendedHandshake now = peer;
        return now != null && now.supports(name) && maySend(name);
    }

    /** The message that carries a handshake. */
    static Message.Extended handshake(ExtendedHandshake handshake) {
        return new Message.Extended(
                0, Unpooled.wrappedBuffer(handshake.dictionary().encoded()));
    }

    /** The message with the peer's number for the extension. */
    Message.Extended message(String name, ByteBuf payload) {
        ExtendedHandshake now = peer;
        int id = now == null ? 0 : now.extensions().getOrDefault(name, 0);
        if (id == 0 || !maySend(name)) {
            payload.release();
            throw new IllegalStateException(
                    id == 0 ? "the peer does not support " + name : name + " is not for private torrents");
        }
        return new Message.Extended(id, payload);
    }

    ExtensionChannel channel(String name) {
        int id = idOf(name);
        return new ExtensionChannel() {
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
                return Mono.defer(() -> outbound.send(message(name, payload)));
            }
        };
    }

    @EventLoopOnly
    void close() {
        handshakes.tryEmitComplete();
    }
}
