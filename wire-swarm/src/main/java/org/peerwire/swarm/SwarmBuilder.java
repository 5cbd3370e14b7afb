/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.extension.Extension;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Torrent;
import org.peerwire.pex.PeerEvent;
import org.peerwire.swarm.internal.engine.RunningSwarm;
import org.peerwire.swarm.internal.engine.Setup;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** A builder of a {@link Swarm}. Immutable: each method returns a new builder. */
public final class SwarmBuilder {
    private final Setup setup;

    SwarmBuilder(Torrent torrent) {
        this(Setup.of(torrent.hashes(), torrent));
    }

    SwarmBuilder(MagnetLink link) {
        this(Setup.of(link.hashes(), null).with(s -> s.peers = link.peers()));
    }

    SwarmBuilder(InfoHashes hashes) {
        this(Setup.of(hashes, null));
    }

    private SwarmBuilder(Setup setup) {
        this.setup = setup;
    }

    private SwarmBuilder with(Consumer<Setup> change) {
        return new SwarmBuilder(setup.with(change));
    }

    /** Sets the options. Default: {@link SwarmOptions#defaults()}. */
    public SwarmBuilder options(SwarmOptions options) {
        return with(s -> s.options = options);
    }

    /**
     * Sets the host, which has the port and the limits of several swarms. Default: a host of its own without a port.
     */
    public SwarmBuilder host(SwarmHost host) {
        return with(s -> s.host = host.state());
    }

    /** Sets our peer id. Default: a random one. */
    public SwarmBuilder peerId(PeerId peerId) {
        return with(s -> s.peerId = peerId);
    }

    /** Sets the store of {@link Swarm#pieces()}. Default: none. {@link Swarm#download} and {@link Swarm#seed} bring theirs. */
    public SwarmBuilder store(PieceStore store) {
        return with(s -> s.store = store);
    }

    /** Adds addresses of the user. */
    public SwarmBuilder peers(InetSocketAddress... peers) {
        return peers(Arrays.asList(peers));
    }

    /** Adds addresses of the user. */
    public SwarmBuilder peers(Collection<InetSocketAddress> peers) {
        return with(s -> s.peers = append(s.peers, peers));
    }

    /** Adds publishers of addresses of the kind {@link PeerSource#DISCOVERY}. A private torrent does not dial these. */
    @SafeVarargs
    public final SwarmBuilder discover(Publisher<? extends PeerEvent>... discoveries) {
        SwarmBuilder all = this;
        for (Publisher<? extends PeerEvent> discovery : discoveries) {
            all = all.discover(PeerSource.DISCOVERY, discovery);
        }
        return all;
    }

    /**
     * Adds a publisher of addresses. It is subscribed when the swarm starts, and cancelled at its end. Its failure is an
     * event. Its signals may come on any thread.
     */
    public SwarmBuilder discover(PeerSource source, Publisher<? extends PeerEvent> discovery) {
        return discover(Discovery.of(source, discovery));
    }

    /** Adds sources of addresses that know the swarm, such as trackers. */
    public SwarmBuilder discover(Discovery... discoveries) {
        return with(s -> s.discoveries = append(s.discoveries, Arrays.asList(discoveries)));
    }

    /** Adds sources of ranges beside the peers, such as web seeds. They are read once the torrent is known. */
    public SwarmBuilder sources(RangeSource... sources) {
        return sources(Arrays.asList(sources));
    }

    /** Adds sources of ranges as {@link #sources(RangeSource...)}. */
    public SwarmBuilder sources(Collection<? extends RangeSource> sources) {
        return with(s -> s.sources = append(s.sources, sources));
    }

    /** Adds an extension to each handshake. A private torrent has no extension that it does not allow. */
    public SwarmBuilder extension(Extension extension) {
        return with(s -> s.extensions = append(s.extensions, List.of(extension)));
    }

    /**
     * Sets work on each wire, besides that of the swarm. Several calls add up.
     *
     * @param handler called on the event loop of the wire before its first message is applied; must not block. The end
     *     of its publisher does not end the wire; its error does, and is the reason of the end
     */
    public SwarmBuilder handle(Function<? super Wire, ? extends Publisher<Void>> handler) {
        return with(s -> s.handlers = append(s.handlers, List.of(wire -> Mono.fromDirect(handler.apply(wire)))));
    }

    /** Returns the swarm. Nothing happens before a subscription to one of its publishers. */
    public Swarm connect() {
        if (setup.host == null) {
            return host(SwarmHost.create()).connect();
        }
        return new RunningSwarm(setup);
    }

    private static <T> List<T> append(List<T> list, Collection<? extends T> more) {
        List<T> all = new ArrayList<>(list);
        all.addAll(more);
        return List.copyOf(all);
    }
}
