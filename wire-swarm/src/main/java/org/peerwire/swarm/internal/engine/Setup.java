/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.engine;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.extension.Extension;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.Discovery;
import org.peerwire.swarm.PieceStore;
import org.peerwire.swarm.RangeSource;
import org.peerwire.swarm.SwarmOptions;
import org.peerwire.swarm.internal.peers.HostState;
import reactor.core.publisher.Mono;

/** The configuration of a swarm. {@link #with} changes a copy, so builders may share it. */
public final class Setup implements Cloneable {
    final InfoHashes hashes;
    final @Nullable Torrent torrent;
    public SwarmOptions options = SwarmOptions.defaults();
    public @Nullable HostState host;
    public @Nullable PeerId peerId;
    public @Nullable PieceStore store;
    public List<InetSocketAddress> peers = List.of();
    public List<Discovery> discoveries = List.of();
    public List<RangeSource> sources = List.of();
    public List<Extension> extensions = List.of();
    public List<Function<Wire, Mono<Void>>> handlers = List.of();

    private Setup(InfoHashes hashes, @Nullable Torrent torrent) {
        this.hashes = hashes;
        this.torrent = torrent;
    }

    /** Returns a setup with the defaults. */
    public static Setup of(InfoHashes hashes, @Nullable Torrent torrent) {
        return new Setup(hashes, torrent);
    }

    /** Returns a changed copy. */
    public Setup with(Consumer<Setup> change) {
        try {
            Setup copy = (Setup) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }
}
