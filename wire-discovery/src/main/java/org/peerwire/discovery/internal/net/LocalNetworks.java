/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * The networks that a stranger must not make us reach: this machine, its links, private networks, multicast and reserved
 * addresses, and the IPv6 addresses that stand for one of these IPv4 addresses (RFC 6890).
 */
public final class LocalNetworks {
    private static final List<Network> FOUR = List.of(
            new Network("0.0.0.0", 8), // this network
            new Network("10.0.0.0", 8), // private
            new Network("100.64.0.0", 10), // behind the provider's address translation
            new Network("127.0.0.0", 8), // this machine
            new Network("169.254.0.0", 16), // link-local
            new Network("172.16.0.0", 12), // private
            new Network("192.0.0.0", 24), // protocol assignments
            new Network("192.168.0.0", 16), // private
            new Network("198.18.0.0", 15), // benchmarks
            new Network("224.0.0.0", 3)); // multicast, reserved, broadcast

    private static final List<Network> SIX = List.of(
            new Network("::", 127), // unspecified, and this machine
            new Network("64:ff9b:1::", 48), // address translation of the local network
            new Network("100::", 64), // discarded
            new Network("fc00::", 7), // private
            new Network("fe80::", 9), // link-local and site-local
            new Network("ff00::", 8)); // multicast

    /** IPv6 networks with the position of the IPv4 address in them. */
    private static final List<Embedding> EMBEDDINGS = List.of(
            new Embedding(new Network("::", 96), 12, 0),
            new Embedding(new Network(mapped(), 96), 12, 0),
            new Embedding(new Network("::ffff:0:0:0", 96), 12, 0),
            new Embedding(new Network("64:ff9b::", 96), 12, 0),
            new Embedding(new Network("2002::", 16), 2, 0),
            new Embedding(new Network("2001::", 32), 12, 0xff)); // inverted

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Network(byte[] prefix, int length) {
        Network(String prefix, int length) {
            this(bytes(prefix), length);
        }

        boolean contains(byte[] address) {
            for (int bit = 0; bit < length; bit += 8) {
                int mask = 0xff00 >> Math.min(8, length - bit);
                if (((address[bit / 8] ^ prefix[bit / 8]) & mask & 0xff) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private record Embedding(Network network, int position, int inversion) {
        boolean hidesLocal(byte[] address) {
            if (!network.contains(address)) {
                return false;
            }
            byte[] hidden = Arrays.copyOfRange(address, position, position + 4);
            for (int i = 0; i < hidden.length; i++) {
                hidden[i] ^= (byte) inversion;
            }
            return isIn(FOUR, hidden);
        }
    }

    private LocalNetworks() {}

    /** Returns true if the address is in one of the networks. */
    public static boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address
                ? isIn(FOUR, bytes)
                : isIn(SIX, bytes) || EMBEDDINGS.stream().anyMatch(embedding -> embedding.hidesLocal(bytes));
    }

    private static boolean isIn(List<Network> networks, byte[] address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    /** Returns ::ffff:0:0, which InetAddress would turn into an IPv4 address. Netty's parser does not. */
    private static byte[] mapped() {
        byte[] prefix = new byte[16];
        prefix[10] = (byte) 0xff;
        prefix[11] = (byte) 0xff;
        return prefix;
    }

    private static byte[] bytes(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress(); // a literal needs no name service
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }
}
