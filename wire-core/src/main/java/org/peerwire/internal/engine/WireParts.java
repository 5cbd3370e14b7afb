/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.engine;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.peerwire.Features;
import org.peerwire.LocalPeer;
import org.peerwire.WireLimits;
import org.peerwire.WireOptions;
import org.peerwire.internal.exchange.Blocks;
import org.peerwire.internal.exchange.Downloads;
import org.peerwire.internal.exchange.FastAllowance;
import org.peerwire.internal.exchange.HashExchange;
import org.peerwire.internal.exchange.PendingRequests;
import org.peerwire.internal.exchange.UploadQueue;
import org.peerwire.internal.extension.ExtensionRegistry;
import org.peerwire.internal.inbound.FrameLimits;
import org.peerwire.internal.inbound.InboundHub;
import org.peerwire.internal.inbound.ReadGate;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.internal.outbound.Negotiation;
import org.peerwire.internal.outbound.OutboundQueue;
import org.peerwire.internal.outbound.Outbox;
import org.peerwire.internal.peer.Anomalies;
import org.peerwire.internal.peer.ChokeState;
import org.peerwire.internal.peer.KnownTorrent;
import org.peerwire.internal.peer.PeerAdvice;
import org.peerwire.internal.peer.PeerPieces;
import org.peerwire.message.Feature;

/**
 * The parts of one wire, made in the order of their dependencies: each constructor takes only parts that are complete.
 * Known to the classes of this room only.
 */
final class WireParts {
    final WireContext context;
    final Channel channel;
    final WireOptions options;
    final LocalPeer local;
    final Features features;
    final KnownTorrent torrent;
    final ChokeState choke;
    final PeerPieces pieces;
    final PeerAdvice advice;
    final Anomalies anomalies;
    final ReadGate gate;
    final InboundHub hub;
    final OutboundQueue outbound;
    final Outbox outbox;
    final ExtensionRegistry extensions;
    final Downloads downloads;
    final PendingRequests pending;
    final FastAllowance allowance;
    final UploadQueue uploads;
    final HashExchange hashes;
    final Blocks blocks;

    WireParts(
            WireContext context,
            Channel channel,
            WireOptions options,
            KnownTorrent torrent,
            FrameLimits frames,
            ReadGate.Reading reading,
            LocalPeer local,
            Features features) {
        this.context = context;
        this.channel = channel;
        this.options = options;
        this.torrent = torrent;
        this.local = local;
        this.features = features;
        WireLimits limits = options.limits();
        boolean fast = features.has(Feature.FAST);
        Negotiation negotiation = new Negotiation(features);

        choke = new ChokeState();
        pieces = new PeerPieces(torrent);
        advice = new PeerAdvice(limits);
        anomalies = new Anomalies(context, limits);

        gate = new ReadGate(context, reading);
        hub = new InboundHub(context, options, gate);
        outbound = new OutboundQueue(context, channel, limits.maxBlockLength());
        outbox = new Outbox(context, negotiation, outbound, options.outboundQueue());

        extensions = new ExtensionRegistry(local.extensions(), limits, frames, torrent, advice, hub, outbox);
        downloads = new Downloads();
        pending = new PendingRequests(
                context, anomalies, fast, options.requestTimeout().toMillis(), outbound, downloads::onPlaceFreed);
        allowance = new FastAllowance(torrent, outbound, local.infoHash(), peerAddress(), options);
        uploads = new UploadQueue(context, anomalies, outbound, allowance, fast, limits);
        hashes = new HashExchange(limits.maxHashes(), anomalies, outbound);
        blocks = new Blocks(context, options, choke, advice, pending, downloads, uploads, outbound);
    }

    /** Returns the IP address of the peer, or null if the connection has none. */
    @Nullable
    InetAddress peerAddress() {
        return channel.remoteAddress() instanceof InetSocketAddress inet ? inet.getAddress() : null;
    }
}
