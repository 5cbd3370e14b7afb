/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.crawl;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/** The newest 10,000 addresses that have lied or cannot be reached, for all torrents. Confined to one loop. */
final class Reputation {
    static final int MAX_ADDRESSES = 10_000;

    private static final long FOREVER = Long.MAX_VALUE;

    /** The time in milliseconds until which an address is not dialled. */
    private final Map<InetSocketAddress, Long> refused = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetSocketAddress, Long> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    /** Notes that an address has sent metadata that is not that of the torrent. */
    void lied(InetSocketAddress address) {
        refused.put(address, FOREVER);
    }

    /** Notes that an address cannot be reached. */
    void unreachable(InetSocketAddress address, long until) {
        refused.merge(address, until, Math::max);
    }

    /** Returns true if an address is not to be dialled. */
    boolean refuses(InetSocketAddress address, long now) {
        Long until = refused.get(address);
        return until != null && until > now;
    }
}
