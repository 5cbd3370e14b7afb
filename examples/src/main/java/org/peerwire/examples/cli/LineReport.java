/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.PrintWriter;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.peerwire.examples.swarm.Addresses;
import org.peerwire.examples.swarm.Contents;
import org.peerwire.examples.swarm.Reasons;
import org.peerwire.examples.swarm.SwarmEvent;
import org.peerwire.pex.PeerEvent;

/** A report with one line for each event, and for progress one line per tenth of the download. */
final class LineReport implements Report {
    private static final int STEP = 10;

    private final PrintWriter out;
    private int shown = -1;

    LineReport(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void on(SwarmEvent event) {
        String line = line(event);
        if (line != null) {
            out.println(Texts.plain(line));
            out.flush();
        }
    }

    /** Returns the line of an event, or null if it is not worth a line. */
    @Nullable
    String line(SwarmEvent event) {
        if (event instanceof SwarmEvent.Progress progress) {
            int step = Texts.percent(progress.bytes(), progress.total()) / STEP;
            boolean isNew = step > shown;
            shown = Math.max(shown, step);
            return isNew ? progress(progress) : null;
        }
        return text(event);
    }

    private static String progress(SwarmEvent.Progress progress) {
        return Texts.percent(progress.bytes(), progress.total()) + " %, " + Texts.bytes(progress.bytes()) + " of "
                + Texts.bytes(progress.total()) + ", " + Texts.bytes(progress.rate()) + "/s from "
                + Texts.count(progress.peers(), "peer");
    }

    /** Returns the line of an event other than progress, or null if it is not worth a line. */
    static @Nullable String text(SwarmEvent event) {
        if (event instanceof SwarmEvent.Listening listening) {
            return "listening on " + Addresses.text(listening.address());
        } else if (event instanceof SwarmEvent.Connected connected) {
            return "connected " + (connected.dialled() ? "to " : "from ") + Addresses.text(connected.peer());
        } else if (event instanceof SwarmEvent.Disconnected disconnected) {
            return "lost " + Addresses.text(disconnected.peer()) + ": " + disconnected.reason();
        } else if (event instanceof SwarmEvent.Unreachable unreachable) {
            return "cannot connect to " + Addresses.text(unreachable.peer()) + ": " + unreachable.reason();
        } else if (event instanceof SwarmEvent.Heard heard) {
            return heard(heard);
        } else if (event instanceof SwarmEvent.MetadataReceived metadata) {
            return "received the metadata of " + metadata.torrent().name() + ": "
                    + Texts.bytes(Contents.of(metadata.torrent()).length()) + " in "
                    + Texts.count(metadata.torrent().pieceCount(), "piece");
        } else if (event instanceof SwarmEvent.Checked checked) {
            return checked.pieces() == 0
                    ? null
                    : "resuming: " + checked.pieces() + " of " + Texts.count(checked.total(), "piece")
                            + " on disk are verified";
        } else if (event instanceof SwarmEvent.Overwriting overwriting) {
            return "0 of " + Texts.count(overwriting.total(), "piece") + " on disk match; overwriting "
                    + overwriting.path();
        } else if (event instanceof SwarmEvent.Waiting waiting) {
            return "no data for " + Reasons.text(waiting.time())
                    + (waiting.peers() == 0
                            ? ", no peer is connected; still trying"
                            : " from " + Texts.count(waiting.peers(), "peer") + "; still waiting");
        } else if (event instanceof SwarmEvent.PieceBad bad) {
            return "piece " + bad.piece() + " has a wrong hash and is downloaded again; it was sent by "
                    + bad.authors().stream().map(Addresses::text).collect(Collectors.joining(", "));
        } else if (event instanceof SwarmEvent.Dropped dropped) {
            return "banned " + Addresses.text(dropped.peer()) + ": " + dropped.reason();
        } else if (event instanceof SwarmEvent.Completed completed) {
            return "complete and verified: " + completed.path() + ", " + Texts.bytes(completed.bytes()) + " in "
                    + Texts.seconds(completed.time());
        }
        return null;
    }

    private static String heard(SwarmEvent.Heard heard) {
        String peer = Addresses.text(heard.news().peer());
        String teller = " (told by " + Addresses.text(heard.teller()) + ")";
        if (heard.news() instanceof PeerEvent.Added added) {
            return "added " + peer + (added.flags().seed() ? ", a seed" : "") + teller;
        }
        return "dropped " + peer + teller;
    }
}
