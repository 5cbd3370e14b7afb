/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.server;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The number of open connections, in all and by address. IPv6 is counted by /64, which one host usually has to itself.
 * Thread-safe. Has an entry only for an address with an open connection.
 */
final class ConnectionCounts {
    private final int max;
    private final int maxPerAddress;
    private final AtomicInteger all = new AtomicInteger();
    private final ConcurrentMap<Network, Integer> byNetwork = new ConcurrentHashMap<>();

    /** A network that is counted as one: an IPv4 address, or the upper half of an IPv6 address. */
    private record Network(boolean v6, long bits) {}

    ConnectionCounts(int max, int maxPerAddress) {
        this.max = max;
        this.maxPerAddress = maxPerAddress;
    }

    /** Counts a connection. Returns null, or the limit that has been reached: then nothing is counted. */
    @Nullable
    String enter(SocketAddress from) {
        Network network = network(from);
        if (network != null && byNetwork.merge(network, 1, Integer::sum) > maxPerAddress) {
            leave(network);
            return maxPerAddress + " connections of this address are open, which is the limit of "
                    + "maxConnectionsPerAddress";
        }
        if (all.incrementAndGet() > max) { // last, so that a connection in all() is counted everywhere
            leave(from);
            return max + " connections are open, which is the limit of maxConnections";
        }
        return null;
    }

    /** Counts a connection down that has been counted. */
    void leave(SocketAddress from) {
        leave(network(from));
        all.decrementAndGet(); // last, so that a place which all() shows as free is free everywhere
    }

    private void leave(@Nullable Network network) {
        if (network != null) {
            byNetwork.computeIfPresent(network, (key, count) -> count == 1 ? null : count - 1);
        }
    }

    int all() {
        return all.get();
    }

    int networks() {
        return byNetwork.size();
    }

    /** Returns null for an address without a network, of a Unix domain socket. */
    private static @Nullable Network network(SocketAddress from) {
        InetAddress address = from instanceof InetSocketAddress inet ? inet.getAddress() : null;
        if (address instanceof Inet4Address) {
            return new Network(false, ByteBuffer.wrap(address.getAddress()).getInt());
        }
        if (address instanceof Inet6Address) {
            ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
            boolean mapped = bytes.getLong(0) == 0 && bytes.getInt(8) == 0xffff;
            return mapped ? new Network(false, bytes.getInt(12)) : new Network(true, bytes.getLong(0));
        }
        return null;
    }
}
