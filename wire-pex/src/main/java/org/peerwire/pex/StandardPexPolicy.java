/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** The policies that {@link PexPolicy} offers. */
enum StandardPexPolicy implements PexPolicy {
    /** Accepts no port below 1024. */
    NO_LOW_PORTS(1024),
    /** Accepts each port except 0. */
    LOW_PORTS(1);

    private final int lowestPort;

    StandardPexPolicy(int lowestPort) {
        this.lowestPort = lowestPort;
    }

    @Override
    public boolean accept(InetSocketAddress candidate, SocketAddress teller) {
        return candidate.getPort() >= lowestPort && mayPass(candidate, teller) && !candidate.equals(teller);
    }

    @Override
    public boolean tell(InetSocketAddress candidate, SocketAddress listener) {
        return candidate.getPort() > 0 && mayPass(candidate, listener);
    }

    private static boolean mayPass(InetSocketAddress candidate, SocketAddress other) {
        if (candidate.isUnresolved()) {
            return false;
        }
        return switch (AddressKind.of(candidate)) {
            case PUBLIC -> true;
            case PRIVATE -> AddressKind.of(other).isLocal();
            case LOOPBACK -> AddressKind.of(other) == AddressKind.LOOPBACK;
            case UNUSABLE -> false;
        };
    }
}
