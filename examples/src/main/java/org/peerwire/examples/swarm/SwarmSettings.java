/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.EncryptionPolicy;
import org.peerwire.PayloadMode;
import org.peerwire.WireOptions;

/**
 * The connections of a swarm.
 *
 * @param host the address to listen on, and to dial from where {@link #dialsFromHost} allows it
 * @param port the port to listen on, 0 for any free port, or null to accept no peers
 * @param peers the addresses to dial
 * @param discovering true to dial also the peers that other peers tell us about (BEP 11)
 * @param maxPeers the maximum number of open wires
 * @param patience the limits after which the swarm fails
 * @param options the limits of the wires
 * @param encryption the encryption of dialled and accepted wires
 * @param overwrite true if a download may overwrite other data that is in the way of its files
 * @param tap observes the wires
 */
public record SwarmSettings(
        String host,
        @Nullable Integer port,
        List<InetSocketAddress> peers,
        boolean discovering,
        int maxPeers,
        Patience patience,
        WireOptions options,
        EncryptionPolicy encryption,
        boolean overwrite,
        WireTap tap) {

    /** The default options, with pooled payloads: a block is written to the disk from the buffer it was received in. */
    public static final WireOptions OPTIONS =
            WireOptions.builder().payloadMode(PayloadMode.POOLED).build();

    /** Copies the list. */
    public SwarmSettings {
        peers = List.copyOf(peers);
    }

    /** Returns settings that dial these peers, accept no peers, and fail after {@link Patience#DEFAULT}. */
    public static SwarmSettings dialling(List<InetSocketAddress> peers) {
        return new SwarmSettings(
                "0.0.0.0",
                null,
                peers,
                true,
                30,
                Patience.DEFAULT,
                OPTIONS,
                EncryptionPolicy.PREFER_PLAINTEXT,
                false,
                WireTap.NONE);
    }

    /** Returns settings that accept peers, dial none, and never fail without peers. */
    public static SwarmSettings accepting(String host, int port) {
        return new SwarmSettings(
                host,
                port,
                List.of(),
                false,
                50,
                Patience.UNLIMITED,
                OPTIONS,
                EncryptionPolicy.PREFER_PLAINTEXT,
                false,
                WireTap.NONE);
    }

    /** Returns these settings with other addresses to dial. */
    public SwarmSettings withPeers(List<InetSocketAddress> others) {
        return new SwarmSettings(
                host, port, others, discovering, maxPeers, patience, options, encryption, overwrite, tap);
    }

    /** Returns these settings with or without the peers that other peers tell us about. */
    public SwarmSettings withDiscovering(boolean other) {
        return new SwarmSettings(host, port, peers, other, maxPeers, patience, options, encryption, overwrite, tap);
    }

    /** Returns these settings with another maximum of open wires. */
    public SwarmSettings withMaxPeers(int other) {
        return new SwarmSettings(host, port, peers, discovering, other, patience, options, encryption, overwrite, tap);
    }

    /** Returns these settings with another patience. */
    public SwarmSettings withPatience(Patience other) {
        return new SwarmSettings(host, port, peers, discovering, maxPeers, other, options, encryption, overwrite, tap);
    }

    /** Returns these settings with another encryption policy. */
    public SwarmSettings withEncryption(EncryptionPolicy other) {
        return new SwarmSettings(host, port, peers, discovering, maxPeers, patience, options, other, overwrite, tap);
    }

    /** Returns these settings with another answer to data in the way of a download. */
    public SwarmSettings withOverwrite(boolean other) {
        return new SwarmSettings(host, port, peers, discovering, maxPeers, patience, options, encryption, other, tap);
    }

    /** Returns false if {@link #host()} is a wildcard address, or an address that the peer cannot answer to. */
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
