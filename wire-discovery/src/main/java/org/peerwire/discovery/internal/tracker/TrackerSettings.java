/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.peerwire.discovery.internal.net.GuardedResolver;
import org.peerwire.discovery.internal.net.GuardedResolver.Family;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.client.HttpClient;
import reactor.netty.transport.ClientTransport;

/**
 * The options of a request to a tracker.
 *
 * @param localAddress the address from which trackers are asked, or null for any
 * @param isStrangers true if the URL comes from a magnet link or a torrent file
 */
public record TrackerSettings(
        Scheduler scheduler,
        GuardedResolver resolver,
        @Nullable InetAddress localAddress,
        boolean allowLocal,
        boolean isStrangers,
        Duration responseTimeout,
        Duration httpTimeout,
        Duration udpTimeout,
        String userAgent,
        UnaryOperator<HttpClient> httpClient) {

    /** Returns the families of addresses that can be announced. */
    List<Family> families() {
        return Stream.of(Family.values())
                .filter(family -> localAddress == null || family.has(localAddress))
                .toList();
    }

    /** Returns a transport that asks from the local address, if there is one. */
    <T extends ClientTransport<T, ?>> T bound(T transport) {
        return localAddress == null ? transport : transport.bindAddress(() -> new InetSocketAddress(localAddress, 0));
    }

    /**
     * Returns the resolver for a tracker. A stranger's URL with a query never leads into the local network: it could
     * tell a service there what to do.
     */
    GuardedResolver resolver(URI tracker, Family family) {
        return (isNeverLocal(tracker, false) ? resolver.withoutLocal() : resolver).only(family);
    }

    /** Returns true for a request whose content a stranger may have written, which never leads into the local network. */
    boolean isNeverLocal(URI tracker, boolean isRedirect) {
        return isStrangers && (isRedirect || tracker.getRawQuery() != null);
    }

    /** Returns the resolver for a redirect, whose query a stranger may have written. */
    GuardedResolver redirected(GuardedResolver resolver) {
        return isStrangers ? resolver.withoutLocal() : resolver;
    }
}
