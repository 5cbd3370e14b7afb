/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.engine;

import org.jspecify.annotations.Nullable;
import org.peerwire.Features;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.extension.Extension;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.metadata.Torrent;
import org.peerwire.pex.PexOptions;
import org.peerwire.pex.UtPex;
import reactor.core.scheduler.Scheduler;

/** Our side of each handshake of a swarm. Thread-safe. */
final class Identity {
    private final Setup setup;
    private final MetadataSource metadata;
    private final Discoveries discoveries;
    private final PeerId peerId;
    private final @Nullable UtPex pex;

    /** The torrent; null while it is unknown. */
    private volatile @Nullable Torrent torrent;

    /**
     * Creates an identity.
     *
     * @param clock the clock of the wires
     */
    Identity(Setup setup, MetadataSource metadata, Discoveries discoveries, Scheduler clock) {
        this.setup = setup;
        this.metadata = metadata;
        this.discoveries = discoveries;
        this.peerId = setup.peerId == null ? PeerId.random() : setup.peerId;
        this.torrent = setup.torrent;
        PexOptions options = setup.options.pex();
        this.pex = options == null
                ? null
                : UtPex.create(options.mutate().scheduler(clock).build());
    }

    PeerId peerId() {
        return peerId;
    }

    /** Returns the info hashes: both of a hybrid torrent once it is known. */
    InfoHashes hashes() {
        Torrent known = torrent;
        return known == null ? setup.hashes : known.hashes();
    }

    /** Notes the torrent, whose shape is part of later handshakes. */
    void know(Torrent found) {
        torrent = found;
    }

    /**
     * Returns our side of the next handshake. A private torrent has only the extensions that it allows.
     *
     * @param port the port that we listen on, or 0
     */
    LocalPeer peer(int port) {
        Torrent known = torrent;
        Features features =
                new Features(Features.DEFAULT.bits() | discoveries.features().bits());
        LocalPeer self =
                LocalPeer.of(setup.hashes.wire(), peerId).withFeatures(features).withListenPort(port);
        if (known != null) {
            self = self.withShape(known.shape());
        }
        boolean isPrivate = known != null && known.isPrivate();
        for (Extension extension : setup.extensions) {
            if (!isPrivate || extension.allowedInPrivateTorrents()) {
                self = self.withExtension(extension);
            }
        }
        if (isPrivate) {
            return self;
        }
        LocalPeer exchanging = pex == null ? self : self.withExtension(pex);
        return metadata.introduce(exchanging);
    }
}
