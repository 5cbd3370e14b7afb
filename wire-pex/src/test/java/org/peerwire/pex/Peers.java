/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.peerwire.pex.PeerEvent.Added;
import org.peerwire.pex.PeerEvent.Dropped;

/** Addresses and events for tests. */
final class Peers {

    private Peers() {}

    /**
     * Returns the address of {@code 1.2.3.4:80} or {@code [2a00::1]:80}. Nothing is resolved, because the host is
     * never a name.
     */
    static InetSocketAddress peer(String address) {
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon).replace("[", "").replace("]", "");
        return new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1)));
    }

    static Added added(String address) {
        return new Added(peer(address));
    }

    static Dropped dropped(String address) {
        return new Dropped(peer(address));
    }

    /** Returns a public address for each number, each in its own /24. */
    static InetSocketAddress nth(int n) {
        return peer((20 + n / 250) + "." + n % 250 + ".7.1:6881");
    }

    static Added added(int n) {
        return new Added(nth(n));
    }

    static Dropped dropped(int n) {
        return new Dropped(nth(n));
    }

    static Dropped dropped(int n, Dropped.Reason reason) {
        return new Dropped(nth(n), reason);
    }

    /** Returns additions of {@code from} to {@code to}, exclusive. */
    static List<Added> added(int from, int to) {
        return IntStream.range(from, to).mapToObj(Peers::added).toList();
    }

    static List<InetSocketAddress> peers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Peers::nth).toList();
    }

    static PexMessage adding(Added... added) {
        return new PexMessage(List.of(added), List.of());
    }

    static PexMessage adding(List<Added> added) {
        return new PexMessage(added, List.of());
    }

    static PexMessage dropping(InetSocketAddress... dropped) {
        return new PexMessage(List.of(), List.of(dropped));
    }
}
