/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import java.net.InetSocketAddress;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.WireClient;
import org.peerwire.pex.UtPex;

/**
 * A program that prints the peers that one peer tells us about, as they arrive. Run with {@code INFO_HASH HOST PORT}.
 */
public final class WatchPex {
    private WatchPex() {}

    /** Runs the program. */
    public static void main(String[] args) {
        if (args.length != 3) {
            System.err.println("usage: WatchPex INFO_HASH HOST PORT");
            return;
        }
        LocalPeer self = LocalPeer.of(InfoHash.parse(args[0]), PeerId.random()).withExtension(UtPex.create());
        WireClient.create()
                .connect(new InetSocketAddress(args[1], Integer.parseInt(args[2])), self)
                .flatMapMany(UtPex::events)
                .doOnNext(System.out::println)
                .blockLast();
    }
}
