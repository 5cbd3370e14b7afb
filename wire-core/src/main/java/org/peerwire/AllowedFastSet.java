/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The pieces that a peer may request while choked. They are the same for all peers of one /24 network (BEP 6). */
public final class AllowedFastSet {
    private AllowedFastSet() {}

    /**
     * Returns the set for a peer.
     *
     * @param peer the address of the peer
     * @param infoHash the torrent
     * @param pieceCount the number of pieces in the torrent
     * @param size the size of the set; a torrent with fewer pieces has all of them in it
     * @return the pieces in the order of BEP 6; empty for an IPv6 address, because BEP 6 defines no set for it
     */
    public static List<Integer> of(InetAddress peer, InfoHash infoHash, int pieceCount, int size) {
        byte[] address = peer.getAddress();
        if (address.length != 4) {
            return List.of();
        }
        address[3] = 0;
        int wanted = Math.min(size, pieceCount);
        Set<Integer> pieces = new LinkedHashSet<>();
        MessageDigest sha1 = sha1();
        sha1.update(address);
        byte[] x = sha1.digest(infoHash.bytes());
        while (pieces.size() < wanted) {
            ByteBuffer words = ByteBuffer.wrap(x);
            while (words.remaining() >= 4 && pieces.size() < wanted) {
                pieces.add(Integer.remainderUnsigned(words.getInt(), pieceCount));
            }
            x = sha1.digest(x);
        }
        return List.copyOf(pieces);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
