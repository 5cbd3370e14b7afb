/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import org.peerwire.InfoHash;
import org.peerwire.discovery.Scrape;
import org.peerwire.discovery.TrackerException;
import org.peerwire.discovery.TrackerException.Reason;
import org.peerwire.discovery.internal.net.Authority;
import org.peerwire.discovery.internal.net.GuardedResolver.Family;
import org.peerwire.discovery.internal.net.LocalAddressException;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.udp.UdpClient;

/**
 * A tracker of BEP 15. Each request has its own socket, connected to the tracker: its port is random, packets of others
 * do not reach it, a refusal of the host ends the request at once, and nothing is shared that had to be bounded.
 */
final class UdpTracker implements TrackerClient {
    /** The longest packet that is read: 2,000 IPv6 peers have 36,000 bytes, but trackers keep to one frame. */
    private static final int MAX_PACKET = 16 * 1024;

    private final URI tracker;
    private final TrackerSettings settings;

    UdpTracker(URI tracker, TrackerSettings settings) {
        this.tracker = tracker;
        this.settings = settings;
    }

    @Override
    public Mono<TrackerAnswer> announce(TrackerRequest request, Family family) {
        int addressLength = family == Family.IPV4 ? 4 : 16;
        return exchange(
                family,
                new UdpRequest<>(
                        UdpPackets.ANNOUNCE,
                        (connection, transaction) -> UdpPackets.announce(connection, transaction, request, tracker),
                        reply -> reply.announce(addressLength, settings.allowLocal())));
    }

    @Override
    public Mono<List<Scrape>> scrape(List<InfoHash> hashes, Family family) {
        if (hashes.size() > UdpPackets.MAX_SCRAPED) {
            return Mono.error(new TrackerException(
                    Reason.UNSUPPORTED,
                    "a scrape over UDP must have " + UdpPackets.MAX_SCRAPED + " torrents or fewer, has "
                            + hashes.size()));
        }
        return exchange(
                family,
                new UdpRequest<>(
                        UdpPackets.SCRAPE,
                        (connection, transaction) -> UdpPackets.scrape(connection, transaction, hashes),
                        reply -> reply.scrape(hashes)));
    }

    private <T> Mono<T> exchange(Family family, UdpRequest<T> request) {
        return Mono.defer(() -> {
            // A cancellation while the socket opens would lose it: then nobody but the swap knows it.
            Disposable.Swap socket = Disposables.swap();
            return Mono.fromCallable(UdpTracker::transactions)
                    .subscribeOn(Schedulers.boundedElastic()) // the source of random numbers may block
                    .flatMap(transactions -> client(family)
                            .doOnConnected(socket::update)
                            .connect()
                            .flatMap(connection ->
                                    UdpExchange.run(connection, settings.scheduler(), transactions, request)))
                    .timeout(settings.udpTimeout(), settings.scheduler())
                    .doFinally(end -> socket.dispose())
                    .onErrorMap(
                            LocalAddressException.class,
                            error -> Failures.local(error, settings.isNeverLocal(tracker, false)))
                    .onErrorMap(Failures::of);
        });
    }

    private UdpClient client(Family family) {
        return settings.bound(UdpClient.create()
                .remoteAddress(this::address)
                .resolver(settings.resolver(tracker, family))
                .option(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_PACKET)));
    }

    private static int[] transactions() {
        return new SecureRandom().ints(UdpExchange.MAX_TRANSACTIONS).toArray();
    }

    /** Returns the address of a literal, which no name service is asked for, or the name. */
    private InetSocketAddress address() {
        Authority authority = Objects.requireNonNull(Authority.of(tracker));
        String host = authority.host();
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
        InetAddress address = literal == null ? null : TrackerPeers.address(literal);
        return address == null
                ? InetSocketAddress.createUnresolved(host, authority.port())
                : new InetSocketAddress(address, authority.port());
    }
}
