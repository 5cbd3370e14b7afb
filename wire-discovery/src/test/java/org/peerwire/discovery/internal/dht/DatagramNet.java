/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A network of datagrams in memory, on a virtual clock: with delay, loss, hosts that are gone, and address translation. */
final class DatagramNet {
    final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    final Random random;
    private final Scheduler.Worker wires;
    private final Map<InetSocketAddress, Host> hosts = new HashMap<>();

    /** The share of datagrams that are lost, 0 to 1. */
    double loss;

    /** The datagrams sent. */
    long sent;

    DatagramNet(long seed) {
        random = new Random(seed);
        wires = clock.createWorker();
    }

    static InetSocketAddress address(int number) {
        return new InetSocketAddress(ip(11 + number / 250 % 80, number % 250, number * 7 % 250, 1 + number % 99), 6881);
    }

    static InetAddress ip(int... bytes) {
        byte[] ip = new byte[bytes.length];
        for (int i = 0; i < ip.length; i++) {
            ip[i] = (byte) bytes[i];
        }
        return Compact.ip(ip);
    }

    /** Returns the address of a host in IPv6, with a network of its own. */
    static InetSocketAddress address6(int number) {
        int[] ip = {0x20, 1, 0xd, 0xb8, number >> 8, number & 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
        return new InetSocketAddress(ip(ip), 6881);
    }

    /** Returns the network as a host sees it: its sockets get the address of their family. */
    Datagrams at(InetSocketAddress... addresses) {
        return new Datagrams() {
            @Override
            public Scheduler scheduler() {
                return clock;
            }

            @Override
            public Mono<Socket> open(InetSocketAddress local, Receiver receiver) {
                return Mono.fromSupplier(() -> host(
                        Arrays.stream(addresses)
                                .filter(address -> Family.of(address) == Family.of(local))
                                .findFirst()
                                .orElseThrow(),
                        receiver));
            }
        };
    }

    /** Returns the network as a host sees it whose sockets take a while to open. */
    Datagrams slowly(Duration opening, InetSocketAddress... addresses) {
        Datagrams fast = at(addresses);
        return new Datagrams() {
            @Override
            public Scheduler scheduler() {
                return clock;
            }

            @Override
            public Mono<Socket> open(InetSocketAddress local, Receiver receiver) {
                return Mono.delay(opening, clock).flatMap(now -> fast.open(local, receiver));
            }
        };
    }

    boolean isOpen(InetSocketAddress address) {
        return hosts.containsKey(address);
    }

    /** Opens a socket that a test controls. */
    Host host(InetSocketAddress address, Datagrams.Receiver receiver) {
        Host host = new Host(address, receiver);
        hosts.put(address, host);
        return host;
    }

    void advance(Duration time) {
        clock.advanceTimeBy(time);
    }

    final class Host implements Datagrams.Socket {
        private final InetSocketAddress address;
        private final Datagrams.Receiver receiver;
        private final Set<InetSocketAddress> contacted = new HashSet<>();

        /** True for a host that only those reach that it has sent to. */
        boolean translated;

        Host(InetSocketAddress address, Datagrams.Receiver receiver) {
            this.address = address;
            this.receiver = receiver;
        }

        @Override
        public InetSocketAddress local() {
            return address;
        }

        @Override
        public void send(byte[] packet, InetSocketAddress to) {
            contacted.add(to);
            sendAs(address, packet, to);
        }

        /** Sends a datagram with a forged sender. */
        void sendAs(InetSocketAddress from, byte[] packet, InetSocketAddress to) {
            sent++;
            if (random.nextDouble() < loss) {
                return;
            }
            wires.schedule(
                    () -> {
                        Host host = hosts.get(to);
                        if (host != null && (!host.translated || host.contacted.contains(from))) {
                            host.receiver.received(packet, from);
                        }
                    },
                    10 + random.nextInt(90),
                    TimeUnit.MILLISECONDS);
        }

        @Override
        public Mono<Void> close() {
            return Mono.fromRunnable(() -> hosts.remove(address, this));
        }
    }
}
