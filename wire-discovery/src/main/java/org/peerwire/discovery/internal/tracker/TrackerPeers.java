/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.discovery.internal.net.LocalNetworks;

/** Collects the peers of an answer: each once, at most 2,000, and none that a stranger must not make us dial. */
final class TrackerPeers {
    static final int MAX_PEERS = 2_000;
    private static final int PORT = 2;

    private final boolean allowLocal;
    private final Set<InetSocketAddress> peers = new LinkedHashSet<>();

    TrackerPeers(boolean allowLocal) {
        this.allowLocal = allowLocal;
    }

    /** Adds peers of 4 or 16 bytes and a port each (BEP 7, 15, 23). An incomplete last one is skipped. */
    void addCompact(byte[] compact, int addressLength) {
        int step = addressLength + PORT;
        for (int at = 0; compact.length - at >= step && peers.size() < MAX_PEERS; at += step) {
            int portAt = at + addressLength;
            long port = ((compact[portAt] & 0xffL) << 8) | (compact[portAt + 1] & 0xffL);
            add(address(Arrays.copyOfRange(compact, at, portAt)), port);
        }
    }

    /** Adds a peer of the dictionary form (BEP 3). A name is skipped, because nobody has checked where it leads. */
    void add(String literal, long port) {
        byte[] bytes = literal.length() > 64 ? null : NetUtil.createByteArrayFromIpAddressString(literal);
        add(bytes == null ? null : address(bytes), port);
    }

    private void add(@Nullable InetAddress address, long port) {
        if (address != null && port > 0 && port <= 65_535 && peers.size() < MAX_PEERS && isUsable(address)) {
            peers.add(new InetSocketAddress(address, (int) port));
        }
    }

    private boolean isUsable(InetAddress address) {
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            return false;
        }
        return allowLocal || !LocalNetworks.contains(address);
    }

    List<InetSocketAddress> list() {
        return List.copyOf(peers);
    }

    /** Returns the address of 4 or 16 bytes, or null for another length. An IPv4-mapped one is that of IPv4. */
    static @Nullable InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException otherLength) {
            return null;
        }
    }
}
