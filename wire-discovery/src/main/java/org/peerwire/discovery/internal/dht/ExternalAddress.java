/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peerwire.discovery.internal.net.LocalNetworks;

/**
 * Our address, as the answers of others name it (BEP 42). Each network has one vote, the last one of it counts, and the
 * address needs the majority of at least five.
 */
final class ExternalAddress {
    static final int MIN_VOTES = 5;

    private static final int MAX_VOTES = 31;

    private final Family family;
    private final Map<Long, InetAddress> votes = new LinkedHashMap<>();
    private @Nullable InetAddress known;

    ExternalAddress(Family family) {
        this.family = family;
    }

    /** Takes a vote. Returns the address if this vote changes it, otherwise null. */
    @Nullable
    InetAddress vote(InetSocketAddress voter, InetSocketAddress you) {
        InetAddress address = you.getAddress();
        if (Family.of(address) != family || LocalNetworks.contains(address)) {
            return null;
        }
        long network = family.network(voter.getAddress());
        votes.remove(network);
        votes.put(network, address);
        if (votes.size() > MAX_VOTES) {
            votes.remove(votes.keySet().iterator().next());
        }
        long same = votes.values().stream().filter(address::equals).count();
        if (same < MIN_VOTES || same * 2 <= votes.size() || address.equals(known)) {
            return null;
        }
        known = address;
        return address;
    }

    @Nullable
    InetAddress known() {
        return known;
    }
}
