/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.extension;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.peerwire.Features;
import org.peerwire.TorrentShape;
import org.peerwire.WireLimits;
import org.peerwire.WireOptions;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.internal.inbound.FrameLimits;
import org.peerwire.internal.inbound.InboundHub;
import org.peerwire.internal.inbound.ReadGate;
import org.peerwire.internal.loop.ManualLoop;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.internal.outbound.Negotiation;
import org.peerwire.internal.outbound.OutboundPolicy;
import org.peerwire.internal.outbound.OutboundQueue;
import org.peerwire.internal.outbound.Outbox;
import org.peerwire.internal.outbound.WriteListener;
import org.peerwire.internal.peer.KnownTorrent;
import org.peerwire.internal.peer.PeerAdvice;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A registry over a socket in memory. Tells the registry of each handshake that is written, as the engine does. */
final class RegistryProbe implements ReadGate.Reading, OutboundPolicy, WriteListener {
    static final int SINK_LIMIT = 2;

    final WireContext context = new WireContext(new ManualLoop(), VirtualTimeScheduler.create());
    private final ByteBuf written = Unpooled.buffer();
    private final EmbeddedChannel channel = new EmbeddedChannel() {
        @Override
        protected void handleOutboundMessage(Object message) {
            written.writeBytes((ByteBuf) message);
            ReferenceCountUtil.release(message);
        }
    };
    final PeerAdvice advice;
    final KnownTorrent torrent;
    final FrameLimits frames;
    final InboundHub hub;
    final Outbox outbox;
    final ExtensionRegistry registry;
    private final OutboundQueue queue;

    RegistryProbe(Extension... extensions) {
        this(limits -> limits, extensions);
    }

    RegistryProbe(UnaryOperator<WireLimits.Builder> change, Extension... extensions) {
        WireLimits limits = change.apply(WireLimits.builder()).build();
        advice = new PeerAdvice(limits);
        torrent = new KnownTorrent(limits.maxPieces());
        frames = new FrameLimits(limits, torrent);
        hub = new InboundHub(context, WireOptions.defaults(), new ReadGate(context, this));
        queue = new OutboundQueue(context, channel, 0);
        outbox = new Outbox(context, new Negotiation(Features.of(Feature.EXTENSION_PROTOCOL)), queue, SINK_LIMIT);
        registry = new ExtensionRegistry(List.of(extensions), limits, frames, torrent, advice, hub, outbox);
        queue.start(this, () -> null);
        context.closeWith(cause -> queue.close());
    }

    @Override
    public boolean beforeWrite(Message message, boolean byUser) {
        if (message instanceof Message.Extended extended && extended.id() == 0) {
            registry.onHandshakeWritten(extended.payload());
        }
        return true;
    }

    @Override
    public void onWritten(Message message, boolean byUser, int contentLength) {}

    @Override
    public void onDrained() {}

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    void learn(boolean isPrivate) {
        torrent.learn(new TorrentShape(16_384, 16_384, isPrivate));
    }

    void clog() {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    }

    void unclog() {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        queue.drain();
    }

    /** Lets the peer say something of itself, at a time in milliseconds. */
    boolean hear(long now, ExtendedHandshake handshake) {
        return hear(now, handshake.dictionary().encoded());
    }

    boolean hear(long now, byte[] payload) {
        return registry.onHandshake(Unpooled.wrappedBuffer(payload), now) != null;
    }

    /** Publishes an extended message of the peer. */
    void publish(int id, int... content) {
        ByteBuf payload = Unpooled.buffer();
        for (int value : content) {
            payload.writeByte(value);
        }
        hub.publish(new Message.Extended(id, payload));
    }

    List<Message> written() {
        List<Message> messages = new ArrayList<>();
        Message message;
        while ((message = MessageCodec.decode(written)) != null) {
            messages.add(message);
        }
        return messages;
    }
}
