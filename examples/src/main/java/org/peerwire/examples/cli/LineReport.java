/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.peerwire.pex.PeerEvent;
import org.peerwire.swarm.PeerSource;
import org.peerwire.swarm.Reasons;
import org.peerwire.swarm.SwarmEvent;

/** A report with one line for each event, and for progress one line per tenth of the download. */
final class LineReport implements Report {
    private static final int STEP = 10;

    private final PrintWriter out;
    private final String prefix;
    private int shown = -1;

    LineReport(PrintWriter out) {
        this(out, null);
    }

    /**
     * Creates a report of one of several torrents.
     *
     * @param name the begin of each line, or null for none
     */
    LineReport(PrintWriter out, @Nullable String name) {
        this.out = out;
        this.prefix = name == null ? "" : name + ": ";
    }

    @Override
    public void on(CliEvent event) {
        String line = line(event);
        if (line != null) {
            out.println(Texts.plain(line));
            out.flush();
        }
    }

    /** Returns the line of an event, or null if it is not worth a line. */
    @Nullable
    String line(CliEvent event) {
        String line = event instanceof CliEvent.Progress progress ? step(progress) : text(event);
        return line == null ? null : prefix + line;
    }

    private @Nullable String step(CliEvent.Progress progress) {
        int step = Texts.percent(progress.bytes(), progress.total()) / STEP;
        boolean isNew = step > shown;
        shown = Math.max(shown, step);
        return isNew
                ? Texts.percent(progress.bytes(), progress.total()) + " %, " + Texts.bytes(progress.bytes()) + " of "
                        + Texts.bytes(progress.total()) + ", " + Texts.bytes(progress.rate()) + "/s from "
                        + Texts.count(progress.peers(), "peer")
                : null;
    }

    /** Returns the line of an event other than progress, or null if it is not worth a line. */
    static @Nullable String text(CliEvent event) {
        if (event instanceof CliEvent.OfSwarm swarm) {
            return text(swarm.event());
        } else if (event instanceof CliEvent.Listening listening) {
            return "listening on " + Addresses.text(listening.address());
        } else if (event instanceof CliEvent.Overwriting overwriting) {
            return "0 of " + Texts.count(overwriting.total(), "piece") + " on disk match; overwriting "
                    + overwriting.path();
        } else if (event instanceof CliEvent.Waiting waiting) {
            return "no data for " + Reasons.text(waiting.time())
                    + (waiting.peers() == 0
                            ? ", no peer is connected; still trying"
                            : " from " + Texts.count(waiting.peers(), "peer") + "; still waiting");
        } else if (event instanceof CliEvent.Completed completed) {
            return "complete and verified: " + completed.path() + ", " + Texts.bytes(completed.bytes()) + " in "
                    + Texts.seconds(completed.time());
        } else if (event instanceof CliEvent.Seeding seeding) {
            return seeding(seeding);
        } else if (event instanceof CliEvent.Seeded seeded) {
            return "seeding is over: " + Texts.bytes(seeded.sent()) + " sent, ratio " + Texts.ratio(seeded.ratio());
        } else if (event instanceof CliEvent.Failed failed) {
            return "failed: " + failed.reason();
        } else if (event instanceof CliEvent.TrackerFailed failed) {
            return "tracker " + failed.tracker() + ": " + failed.reason();
        } else if (event instanceof CliEvent.Found found) {
            return "added " + Addresses.text(found.peer()) + " (told by " + Texts.source(found.source()) + ")";
        }
        return null;
    }

    private static @Nullable String text(SwarmEvent event) {
        if (event instanceof SwarmEvent.Connected connected) {
            return connected(connected);
        } else if (event instanceof SwarmEvent.Disconnected disconnected) {
            return "lost " + Addresses.text(disconnected.peer()) + ": " + disconnected.reason();
        } else if (event instanceof SwarmEvent.Unreachable unreachable) {
            return "cannot connect to " + Addresses.text(unreachable.peer()) + ": " + unreachable.reason();
        } else if (event instanceof SwarmEvent.Heard heard) {
            return heard(heard);
        } else if (event instanceof SwarmEvent.MetadataReceived metadata) {
            return "received the metadata of " + metadata.torrent().name() + ": "
                    + Texts.bytes(metadata.torrent().contentLength()) + " in "
                    + Texts.count(metadata.torrent().pieceCount(), "piece");
        } else if (event instanceof SwarmEvent.StoreOpened opened) {
            return opened.pieces() == 0
                    ? null
                    : "resuming: " + opened.pieces() + " of " + Texts.count(opened.total(), "piece")
                            + " on disk are verified";
        } else if (event instanceof SwarmEvent.PieceFailed failed) {
            return "piece " + failed.piece() + " has a wrong hash and is downloaded again; it was sent by "
                    + failed.senders().stream().map(Addresses::text).collect(Collectors.joining(", "));
        } else if (event instanceof SwarmEvent.Banned banned) {
            return "banned " + Addresses.text(banned.peer()) + ": " + banned.reason();
        } else if (event instanceof SwarmEvent.SourceConnected connected) {
            return "reading from " + connected.source();
        } else if (event instanceof SwarmEvent.SourceFailed failed) {
            Duration retry = failed.retry();
            return failed.source() + ": " + failed.reason()
                    + (retry == null ? "; it is not read again" : "; it is read again in " + Reasons.text(retry));
        } else if (event instanceof SwarmEvent.SourceBanned banned) {
            return "banned " + banned.source() + ": " + banned.reason();
        }
        return null;
    }

    private static String seeding(CliEvent.Seeding seeding) {
        Double ratio = seeding.ratio();
        Duration time = seeding.time();
        if (ratio == null && time == null) {
            return "seeding until interrupted";
        }
        return "seeding"
                + (time == null ? "" : " for " + Reasons.text(time))
                + (ratio == null
                        ? ""
                        : (time == null ? " until the ratio is " : " or until the ratio is ") + Texts.ratio(ratio));
    }

    private static String connected(SwarmEvent.Connected connected) {
        PeerSource source = connected.source();
        String peer = Addresses.text(connected.peer());
        if (source == null) {
            return "connected from " + peer;
        }
        return "connected to " + peer + (source == PeerSource.USER ? "" : " (told by " + Texts.source(source) + ")");
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
