/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import static io.netty.channel.ChannelOption.CONNECT_TIMEOUT_MILLIS;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.peerwire.WireClient;
import reactor.netty.tcp.TcpClient;

/**
 * The clients that dial for a host. They differ in options of TCP only, so they share the limits of key exchanges. The
 * options of the user are applied last, because a client may dial without TCP.
 */
final class HostClients {
    /**
     * The connect timeout in milliseconds for a peer that was reached before. TCP repeats an unanswered connect after
     * ever longer pauses, so a new dial finds a peer that returns sooner.
     */
    private static final int KNOWN_CONNECT = 4_000;

    /** The address to dial from, or null to leave it to the system. */
    private final @Nullable InetAddress from;

    private final Pair anywhere;
    private final Pair bound;

    private record Pair(WireClient unknown, WireClient known) {}

    /**
     * Creates the clients.
     *
     * @param listening the address of the port of the host, or null without one
     */
    HostClients(HostSettings settings, @Nullable InetAddress listening) {
        WireClient base = WireClient.create().options(settings.options).encryption(settings.encryption);
        from = listening == null || listening.isAnyLocalAddress() ? null : listening;
        anywhere = pair(settings, base);
        InetAddress source = from;
        bound = source == null
                ? anywhere
                : pair(settings, base.tcp(tcp -> tcp.bindAddress(() -> new InetSocketAddress(source, 0))));
    }

    private static Pair pair(HostSettings settings, WireClient base) {
        UnaryOperator<TcpClient> impatient = tcp -> tcp.option(CONNECT_TIMEOUT_MILLIS, KNOWN_CONNECT);
        return new Pair(settings.client.apply(base), settings.client.apply(base.tcp(impatient)));
    }

    /**
     * Returns the client for a dial.
     *
     * @param isKnown true if the address was reached before
     */
    WireClient to(InetSocketAddress peer, boolean isKnown) {
        Pair pair = dialsFromHost(peer.getAddress()) ? bound : anywhere;
        return isKnown ? pair.known : pair.unknown;
    }

    /** Returns false if the peer cannot answer to the address of the host. */
    private boolean dialsFromHost(@Nullable InetAddress to) {
        InetAddress source = from;
        return source != null
                && to != null
                && source.getClass() == to.getClass()
                && source.isLoopbackAddress() == to.isLoopbackAddress();
    }
}
