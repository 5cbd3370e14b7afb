/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.EncryptionPolicy;
import org.peerwire.PayloadMode;
import org.peerwire.WireOptions;

/**
 * How a swarm connects.
 *
 * @param host where to accept wires, and to dial from where that can be
 * @param port the port to accept wires on, 0 for any that is free, or null to accept none
 * @param peers addresses to dial
 * @param discovering whether to dial the peers that others tell of, too
 * @param maxPeers wires at most
 * @param patience how long to go on without a single wire; null for ever
 * @param options the limits of the wires
 * @param encryption whether to dial and accept with encryption
 */
public record SwarmSettings(
        String host,
        @Nullable Integer port,
        List<InetSocketAddress> peers,
        boolean discovering,
        int maxPeers,
        @Nullable Duration patience,
        WireOptions options,
        EncryptionPolicy encryption) {

    /** Those of the library, and blocks that go to the disk from the memory they were read into. */
    public static final WireOptions OPTIONS =
            WireOptions.builder().payloadMode(PayloadMode.POOLED).build();

    /** Copies the list. */
    public SwarmSettings {
        peers = List.copyOf(peers);
    }

    /** Dials these peers, accepts nothing, gives up after half a minute. */
    public static SwarmSettings dialling(List<InetSocketAddress> peers) {
        return new SwarmSettings(
                "0.0.0.0", null, peers, true, 30, Duration.ofSeconds(30), OPTIONS, EncryptionPolicy.PREFER_PLAINTEXT);
    }

    /** Accepts wires, dials nobody, goes on for ever. */
    public static SwarmSettings accepting(String host, int port) {
        return new SwarmSettings(host, port, List.of(), false, 50, null, OPTIONS, EncryptionPolicy.PREFER_PLAINTEXT);
    }

    /** With other addresses to dial. */
    public SwarmSettings withPeers(List<InetSocketAddress> others) {
        return new SwarmSettings(host, port, others, discovering, maxPeers, patience, options, encryption);
    }

    /** With other limits. */
    public SwarmSettings withOptions(WireOptions other) {
        return new SwarmSettings(host, port, peers, discovering, maxPeers, patience, other, encryption);
    }

    /** With another policy of encryption. */
    public SwarmSettings withEncryption(EncryptionPolicy other) {
        return new SwarmSettings(host, port, peers, discovering, maxPeers, patience, options, other);
    }

    /** Whether a peer is dialled from {@link #host()}: not if that is every address, or one the peer cannot answer to. */
    boolean dialsFromHost(InetSocketAddress peer) {
        InetAddress from = new InetSocketAddress(host, 0).getAddress();
        InetAddress to = peer.getAddress();
        return from != null
                && to != null
                && !from.isAnyLocalAddress()
                && from.getClass() == to.getClass()
                && from.isLoopbackAddress() == to.isLoopbackAddress();
    }
}
