/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import java.net.InetSocketAddress;
import org.peerwire.HandshakeException;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.metadata.InfoHashV2;
import org.peerwire.metadata.InfoHashes;
import reactor.core.publisher.Mono;

/** A dial of a hybrid torrent (BEP 52), whose peers may know only one of its two info hashes. */
final class HybridDial {
    private HybridDial() {}

    /**
     * Dials. A peer that closes the connection without an answer to the version 1 hash is dialled once more with the
     * truncated version 2 hash. Fails with the first failure.
     *
     * @param hashes the known hashes of the torrent
     */
    static Mono<Wire> connect(WireClient client, InetSocketAddress address, LocalPeer self, InfoHashes hashes) {
        Mono<Wire> first = client.connect(address, self);
        InfoHashV2 v2 = hashes.v2();
        if (v2 == null || self.infoHash().equals(v2.truncated())) {
            return first;
        }
        LocalPeer other = presenting(v2.truncated(), self);
        return first.onErrorResume(
                HybridDial::isClosed, e -> client.connect(address, other).onErrorMap(second -> e));
    }

    private static boolean isClosed(Throwable e) {
        return e instanceof HandshakeException handshake && handshake.reason() == HandshakeException.Reason.CLOSED;
    }

    private static LocalPeer presenting(InfoHash hash, LocalPeer self) {
        return new LocalPeer(
                hash, null, self.peerId(), self.features(), self.extensions(), self.shape(), self.listenPort());
    }
}
