/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peerwire.pex.PeerEvent;
import org.peerwire.swarm.PeerSource;
import org.peerwire.swarm.Reasons;
import org.peerwire.swarm.SwarmEvent;

/** A report with one JSON object per line for each event. The key {@code event} names its kind. */
final class JsonReport implements Report {
    private final PrintWriter out;
    private final @Nullable String torrent;
    private final ObjectMapper json = new ObjectMapper();

    JsonReport(PrintWriter out) {
        this(out, null);
    }

    /**
     * Creates a report of one of several torrents.
     *
     * @param torrent the value of the key {@code torrent} in each object, or null for none
     */
    JsonReport(PrintWriter out, @Nullable String torrent) {
        this.out = out;
        this.torrent = torrent;
    }

    @Override
    public void on(CliEvent event) {
        ObjectNode node = json.createObjectNode();
        if (event instanceof CliEvent.OfSwarm swarm) {
            fill(node, swarm.event());
        } else {
            fill(node, event);
        }
        if (torrent != null) {
            node.put("torrent", torrent);
        }
        out.println(node);
        out.flush();
    }

    private static void fill(ObjectNode node, CliEvent event) {
        if (event instanceof CliEvent.Listening listening) {
            node.put("event", "listening").put("address", Addresses.text(listening.address()));
        } else if (event instanceof CliEvent.Overwriting overwriting) {
            node.put("event", "overwriting").put("path", overwriting.path().toString());
            node.put("total", overwriting.total());
        } else if (event instanceof CliEvent.Waiting waiting) {
            node.put("event", "waiting").put("seconds", waiting.time().toSeconds());
            node.put("peers", waiting.peers());
        } else if (event instanceof CliEvent.Progress progress) {
            node.put("event", "progress").put("bytes", progress.bytes()).put("total", progress.total());
            node.put("rate", progress.rate()).put("peers", progress.peers());
        } else if (event instanceof CliEvent.Completed completed) {
            node.put("event", "completed").put("path", completed.path().toString());
            node.put("bytes", completed.bytes()).put("millis", completed.time().toMillis());
            ObjectNode peers = node.putObject("bytesPerPeer");
            for (Map.Entry<InetSocketAddress, Long> entry : completed.perPeer().entrySet()) {
                peers.put(Addresses.text(entry.getKey()), entry.getValue());
            }
        } else if (event instanceof CliEvent.Seeding seeding) {
            Duration time = seeding.time();
            node.put("event", "seeding").put("ratio", seeding.ratio());
            node.put("seconds", time == null ? null : time.toSeconds());
        } else if (event instanceof CliEvent.Seeded seeded) {
            node.put("event", "seeded").put("bytes", seeded.sent()).put("ratio", seeded.ratio());
        } else if (event instanceof CliEvent.Failed failed) {
            node.put("event", "failed").put("reason", failed.reason());
        } else if (event instanceof CliEvent.TrackerFailed failed) {
            node.put("event", "trackerFailed").put("tracker", failed.tracker().toString());
            node.put("reason", failed.reason());
        } else if (event instanceof CliEvent.Found found) {
            node.put("event", "peerAdded").put("peer", Addresses.text(found.peer()));
            node.put("source", source(found.source()));
        }
    }

    private static void fill(ObjectNode node, SwarmEvent event) {
        if (event instanceof SwarmEvent.Connected connected) {
            node.put("event", "connected").put("peer", Addresses.text(connected.peer()));
            node.put("peerId", connected.id().toHex()).put("dialled", connected.dialled());
            node.put("source", source(connected.source()));
        } else if (event instanceof SwarmEvent.Disconnected disconnected) {
            node.put("event", "disconnected").put("peer", Addresses.text(disconnected.peer()));
            node.put("reason", disconnected.reason());
        } else if (event instanceof SwarmEvent.Unreachable unreachable) {
            node.put("event", "unreachable").put("peer", Addresses.text(unreachable.peer()));
            node.put("reason", unreachable.reason());
        } else if (event instanceof SwarmEvent.Ourselves ours) {
            node.put("event", "ourselves").put("peer", Addresses.text(ours.peer()));
        } else if (event instanceof SwarmEvent.Heard heard) {
            heard(node, heard);
        } else if (event instanceof SwarmEvent.Discovered discovered) {
            node.put("event", "discovered").put("peer", Addresses.text(discovered.peer()));
            node.put("source", source(discovered.source()));
        } else if (event instanceof SwarmEvent.DiscoveryFailed failed) {
            node.put("event", "discoveryFailed").put("source", source(failed.source()));
            node.put("reason", Reasons.text(failed.cause()));
        } else if (event instanceof SwarmEvent.MetadataReceived metadata) {
            node.put("event", "metadata").put("name", metadata.torrent().name());
            node.put("bytes", metadata.torrent().contentLength())
                    .put("pieces", metadata.torrent().pieceCount());
        } else if (event instanceof SwarmEvent.StoreOpened opened) {
            node.put("event", "checked").put("pieces", opened.pieces()).put("total", opened.total());
        } else if (event instanceof SwarmEvent.PieceVerified verified) {
            node.put("event", "piece").put("piece", verified.piece());
            node.put("pieces", verified.pieces()).put("total", verified.total());
        } else if (event instanceof SwarmEvent.PieceFailed failed) {
            node.put("event", "badPiece").put("piece", failed.piece());
            failed.senders().forEach(sender -> node.withArray("/authors").add(Addresses.text(sender)));
        } else if (event instanceof SwarmEvent.Banned banned) {
            node.put("event", "dropped").put("peer", Addresses.text(banned.peer()));
            node.put("reason", banned.reason());
        } else if (event instanceof SwarmEvent.SourceConnected connected) {
            node.put("event", "sourceConnected").put("source", connected.source());
        } else if (event instanceof SwarmEvent.SourceFailed failed) {
            node.put("event", "sourceFailed").put("source", failed.source()).put("reason", failed.reason());
        } else if (event instanceof SwarmEvent.SourceBanned banned) {
            node.put("event", "sourceDropped").put("source", banned.source()).put("reason", banned.reason());
        }
    }

    private static @Nullable String source(@Nullable PeerSource source) {
        return source == null ? null : source.name().toLowerCase(Locale.ROOT);
    }

    private static void heard(ObjectNode node, SwarmEvent.Heard heard) {
        boolean added = heard.news() instanceof PeerEvent.Added;
        node.put("event", added ? "peerAdded" : "peerDropped");
        node.put("peer", Addresses.text(heard.news().peer())).put("teller", Addresses.text(heard.teller()));
        node.put("source", source(PeerSource.PEX));
        if (heard.news() instanceof PeerEvent.Added news) {
            node.put("seed", news.flags().seed());
        }
    }
}
