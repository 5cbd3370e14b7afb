/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.local;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DatagramPacket;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.udp.UdpInbound;
import reactor.netty.udp.UdpResources;
import reactor.netty.udp.UdpServer;

/** One socket for each network interface with multicast, and each version of IP that it has. */
public final class MulticastSockets implements Multicast {
    private static final int MAX_SOCKETS = 64;
    private static final String NO_MULTICAST =
            "no network interface has multicast, so local peers cannot be found on this machine";

    private final boolean loopback;

    /** The open sockets. Changed on their event loops. */
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private record Socket(Channel channel, MulticastGroup group) {}

    /**
     * Creates an object without sockets.
     *
     * @param loopback true if the loopback interface counts as a network
     */
    public MulticastSockets(boolean loopback) {
        this.loopback = loopback;
    }

    @Override
    public Flux<Packet> open() {
        return Mono.fromCallable(() -> NetworkInterface.networkInterfaces().toList())
                .subscribeOn(Schedulers.boundedElastic()) // asks the system once for each interface
                .flatMapMany(this::packets)
                .concatWith(Mono.error(() -> new SocketException(NO_MULTICAST)));
    }

    /** Returns the packets of all interfaces. Completes when no socket is open. */
    private Flux<Packet> packets(List<NetworkInterface> interfaces) {
        Subnets ours = Subnets.of(interfaces);
        return Flux.fromIterable(interfaces)
                .filter(this::isUsable)
                .flatMapIterable(network -> Stream.of(MulticastGroup.values())
                        .filter(group -> group.isOn(network))
                        .map(group -> packets(network, group))
                        .toList())
                .take(MAX_SOCKETS)
                .flatMap(packets -> packets, MAX_SOCKETS)
                .filter(packet -> ours.contains(packet.sender()));
    }

    private boolean isUsable(NetworkInterface network) {
        try {
            return network.isUp() && (network.isLoopback() ? loopback : network.supportsMulticast());
        } catch (SocketException e) {
            return false; // it has just gone
        }
    }

    /** Returns the packets of an interface. Completes at a failure: the other interfaces may have peers. */
    private Flux<Packet> packets(NetworkInterface network, MulticastGroup group) {
        return Flux.usingWhen(bind(network, group), connection -> packets(connection, network, group), connection -> {
                    connection.dispose();
                    return Mono.empty();
                })
                .onErrorComplete();
    }

    private static Mono<Connection> bind(NetworkInterface network, MulticastGroup group) {
        return UdpServer.create()
                .runOn(UdpResources.get(), group.family)
                .option(ChannelOption.SO_REUSEADDR, true) // all programs on a machine share the port
                .option(ChannelOption.IP_MULTICAST_IF, network)
                .bindAddress(() -> group.any())
                .bind()
                .cast(Connection.class);
    }

    private Flux<Packet> packets(Connection connection, NetworkInterface network, MulticastGroup group) {
        UdpInbound inbound = (UdpInbound) connection.inbound();
        Socket socket = new Socket(connection.channel(), group);
        open.add(socket);
        connection.onDispose(() -> open.remove(socket));
        return inbound.join(group.address().getAddress(), network)
                .thenMany(inbound.receiveObject().ofType(DatagramPacket.class).map(MulticastSockets::packet));
    }

    /** Copies a packet, which the connection releases. */
    private static Packet packet(DatagramPacket packet) {
        return new Packet(packet.sender().getAddress(), ByteBufUtil.getBytes(packet.content()));
    }

    @Override
    public void send(LocalAnnounce announce) {
        for (Socket socket : open) {
            byte[] bytes = announce.encode(socket.group.host);
            socket.channel.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(bytes), socket.group.address()));
        }
    }
}
