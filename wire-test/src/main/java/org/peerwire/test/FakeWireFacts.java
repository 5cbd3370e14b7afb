/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.peerwire.BlockExchange;
import org.peerwire.EncryptionMethod;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireStats;
import org.peerwire.message.PieceSet;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The values of a {@link FakeWire} that nobody can subscribe to, and the operations that it does not have. */
abstract class FakeWireFacts implements Wire {
    private final LocalPeer local;
    private final Handshake remote;
    private final SocketAddress localAddress;
    private final SocketAddress remoteAddress;
    private final boolean initiator;
    private final @Nullable EncryptionMethod encryption;
    private final Sinks.One<TorrentShape> known = Sinks.one();
    private volatile @Nullable TorrentShape torrent;
    private volatile PieceSet pieces = PieceSet.empty();

    FakeWireFacts(FakeWire.Builder set) {
        this.local = set.self;
        this.remote = new Handshake(set.features, set.self.infoHash(), PeerId.random());
        this.localAddress = set.localAddress;
        this.remoteAddress = set.remoteAddress;
        this.initiator = set.initiator;
        this.encryption = set.encryption;
        this.torrent = set.self.shape();
        if (torrent != null) {
            known.tryEmitValue(torrent);
        }
    }

    @Override
    public final LocalPeer local() {
        return local;
    }

    @Override
    public final Handshake remote() {
        return remote;
    }

    @Override
    public final Features features() {
        return local.features().and(remote.features());
    }

    @Override
    public final SocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public final SocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public final boolean initiator() {
        return initiator;
    }

    @Override
    public final Optional<EncryptionMethod> encryption() {
        return Optional.ofNullable(encryption);
    }

    @Override
    public final Optional<TorrentShape> torrent() {
        return Optional.ofNullable(torrent);
    }

    @Override
    public final Mono<TorrentShape> awaitTorrent() {
        return known.asMono();
    }

    /** {@inheritDoc} Changes {@link #torrent()} only: checks nothing and withdraws no extension. */
    @Override
    public final Mono<Void> shape(TorrentShape shape) {
        return Mono.fromRunnable(() -> {
            torrent = shape;
            known.tryEmitValue(shape);
        });
    }

    /** Completes {@link #awaitTorrent()}. */
    final void endTorrent() {
        known.tryEmitEmpty();
    }

    final void peerPieces(PieceSet pieces) {
        this.pieces = pieces;
    }

    @Override
    public final PieceSet peerPieces() {
        return pieces;
    }

    @Override
    public final boolean peerHas(int piece) {
        return pieces.contains(piece);
    }

    /** Returns the number that we give an extension. */
    final int idOf(String extension) {
        for (int i = 0; i < local.extensions().size(); i++) {
            if (local.extensions().get(i).name().equals(extension)) {
                return i + 1;
            }
        }
        throw new IllegalArgumentException(extension + " is not an extension of this wire");
    }

    /** Returns an empty list. */
    @Override
    public final List<Integer> peerAllowedFast() {
        return List.of();
    }

    /** Returns an empty list. */
    @Override
    public final List<Integer> peerSuggested() {
        return List.of();
    }

    /** Throws {@link UnsupportedOperationException}. */
    @Override
    public final Mono<Void> announce(PieceSet pieces) {
        throw new UnsupportedOperationException("announce");
    }

    /** Throws {@link UnsupportedOperationException}. */
    @Override
    public final Mono<Void> dontHave(int piece) {
        throw new UnsupportedOperationException("dontHave");
    }

    /** Throws {@link UnsupportedOperationException}. */
    @Override
    public final BlockExchange blocks() {
        throw new UnsupportedOperationException("blocks");
    }

    /** Throws {@link UnsupportedOperationException}. */
    @Override
    public final WireStats stats() {
        throw new UnsupportedOperationException("stats");
    }

    /** Closes at once: no request waits. */
    @Override
    public final Mono<Void> close(Duration deadline) {
        return close();
    }
}
