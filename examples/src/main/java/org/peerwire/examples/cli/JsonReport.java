/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.Map;
import org.peerwire.examples.swarm.Addresses;
import org.peerwire.examples.swarm.Contents;
import org.peerwire.examples.swarm.SwarmEvent;
import org.peerwire.pex.PeerEvent;

/** A report with one JSON object per line for each event. The key {@code event} names its kind. */
final class JsonReport implements Report {
    private final PrintWriter out;
    private final ObjectMapper json = new ObjectMapper();

    JsonReport(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void on(SwarmEvent event) {
        out.println(node(event));
        out.flush();
    }

    private ObjectNode node(SwarmEvent event) {
        ObjectNode node = json.createObjectNode();
        if (event instanceof SwarmEvent.Listening listening) {
            node.put("event", "listening").put("address", Addresses.text(listening.address()));
        } else if (event instanceof SwarmEvent.Connected connected) {
            node.put("event", "connected").put("peer", Addresses.text(connected.peer()));
            node.put("peerId", connected.id().toHex()).put("dialled", connected.dialled());
        } else if (event instanceof SwarmEvent.Disconnected disconnected) {
            node.put("event", "disconnected").put("peer", Addresses.text(disconnected.peer()));
            node.put("reason", disconnected.reason());
        } else if (event instanceof SwarmEvent.Unreachable unreachable) {
            node.put("event", "unreachable").put("peer", Addresses.text(unreachable.peer()));
            node.put("reason", unreachable.reason());
        } else if (event instanceof SwarmEvent.Heard heard) {
            heard(node, heard);
        } else if (event instanceof SwarmEvent.MetadataReceived metadata) {
            node.put("event", "metadata").put("name", metadata.torrent().name());
            node.put("bytes", Contents.of(metadata.torrent()).length())
                    .put("pieces", metadata.torrent().pieceCount());
        } else if (event instanceof SwarmEvent.Checked checked) {
            node.put("event", "checked").put("pieces", checked.pieces()).put("total", checked.total());
        } else if (event instanceof SwarmEvent.Overwriting overwriting) {
            node.put("event", "overwriting").put("path", overwriting.path().toString());
            node.put("total", overwriting.total());
        } else if (event instanceof SwarmEvent.Waiting waiting) {
            node.put("event", "waiting").put("seconds", waiting.time().toSeconds());
            node.put("peers", waiting.peers());
        } else if (event instanceof SwarmEvent.PieceDone done) {
            node.put("event", "piece").put("piece", done.piece());
            node.put("pieces", done.pieces()).put("total", done.total());
        } else if (event instanceof SwarmEvent.PieceBad bad) {
            node.put("event", "badPiece").put("piece", bad.piece());
            bad.authors().forEach(author -> node.withArray("/authors").add(Addresses.text(author)));
        } else if (event instanceof SwarmEvent.Dropped dropped) {
            node.put("event", "dropped").put("peer", Addresses.text(dropped.peer()));
            node.put("reason", dropped.reason());
        } else if (event instanceof SwarmEvent.Progress progress) {
            node.put("event", "progress").put("bytes", progress.bytes()).put("total", progress.total());
            node.put("rate", progress.rate()).put("peers", progress.peers());
        } else if (event instanceof SwarmEvent.Completed completed) {
            node.put("event", "completed").put("path", completed.path().toString());
            node.put("bytes", completed.bytes()).put("millis", completed.time().toMillis());
            ObjectNode peers = node.putObject("bytesPerPeer");
            for (Map.Entry<InetSocketAddress, Long> entry : completed.perPeer().entrySet()) {
                peers.put(Addresses.text(entry.getKey()), entry.getValue());
            }
        }
        return node;
    }

    private static void heard(ObjectNode node, SwarmEvent.Heard heard) {
        boolean added = heard.news() instanceof PeerEvent.Added;
        node.put("event", added ? "peerAdded" : "peerDropped");
        node.put("peer", Addresses.text(heard.news().peer())).put("teller", Addresses.text(heard.teller()));
        if (heard.news() instanceof PeerEvent.Added news) {
            node.put("seed", news.flags().seed());
        }
    }
}
