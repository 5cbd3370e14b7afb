/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.peerwire.PeerId;
import org.peerwire.pex.PeerEvent;
import org.peerwire.swarm.SwarmEvent;

/** A report of the demo with names instead of addresses, and a table at the end. */
final class DemoReport implements AutoCloseable {
    private static final String LEECHER = "leecher";

    private final PrintWriter out;
    private final long started = System.nanoTime();
    private final @Nullable BarReport bar;
    private final LineReport lines;
    private final Map<PeerId, String> nameOfId = new ConcurrentHashMap<>();
    private final Map<InetSocketAddress, String> nameOfAddress = new ConcurrentHashMap<>();
    private final Map<String, String> listening = new ConcurrentHashMap<>();
    private final Queue<Hint> hints = new ConcurrentLinkedQueue<>();
    private volatile CliEvent.@Nullable Completed completed;

    /** One message of peer exchange: {@code teller} told {@code listener} about {@code about}. */
    private record Hint(String teller, String listener, String about) {}

    DemoReport(PrintWriter out, boolean terminal) {
        this.out = out;
        this.lines = new LineReport(out);
        this.bar = terminal ? new BarReport(out) : null;
    }

    /** Sets the name of a peer id. */
    void introduce(String name, PeerId id) {
        nameOfId.put(id, name);
    }

    /** Prints a line after the time since the start. */
    void say(String text) {
        String time = Texts.seconds(Duration.ofNanos(System.nanoTime() - started));
        out.println((bar == null ? "" : "\r\u001b[K") + String.format("%6s  ", time) + Texts.plain(text));
        out.flush();
    }

    /** Prints an event at one of the peers of the demo. */
    void at(String name, CliEvent event) {
        if (event instanceof CliEvent.Listening here) {
            nameOfAddress.put(here.address(), name);
            listening.put(name, Addresses.text(here.address()));
            say(name + " listens on " + Addresses.text(here.address()));
        } else if (event instanceof CliEvent.OfSwarm swarm && isAboutPeers(name, swarm.event())) {
            return;
        } else if (name.equals(LEECHER)) {
            atLeecher(event);
        }
    }

    /** Prints an event about the peers of a peer. Returns false for other events. */
    private boolean isAboutPeers(String name, SwarmEvent event) {
        if (event instanceof SwarmEvent.Connected connected) {
            nameOfAddress.putIfAbsent(connected.peer(), nameOfId.getOrDefault(connected.id(), "?"));
            if (connected.dialled()) {
                say(name + " is connected to " + name(connected.peer()));
            }
            return true;
        } else if (event instanceof SwarmEvent.Heard heard && heard.news() instanceof PeerEvent.Added added) {
            hints.add(new Hint(name(heard.teller()), name, name(added.peer())));
            say(name(heard.teller()) + " tells " + name + " about " + name(added.peer()));
            return true;
        }
        return false;
    }

    private void atLeecher(CliEvent event) {
        if (event instanceof CliEvent.Progress && bar != null) {
            bar.on(event);
        } else if (event instanceof CliEvent.OfSwarm swarm
                && swarm.event() instanceof SwarmEvent.MetadataReceived received) {
            say("the leecher has the metadata: " + received.torrent().name());
        } else if (event instanceof CliEvent.Completed done) {
            completed = done;
            close();
            say("the leecher has verified all pieces");
        } else {
            String text = lines.line(event);
            if (text != null) {
                say("the leecher: " + text);
            }
        }
    }

    /** Returns the path of the complete copy. */
    Path copy() {
        CliEvent.Completed done = completed;
        if (done == null) {
            throw new Failure("the download ended before it was complete");
        }
        return done.path();
    }

    private String name(InetSocketAddress address) {
        return nameOfAddress.getOrDefault(address, Addresses.text(address));
    }

    /** Prints the bytes that each peer sent, and the peers it told about. */
    void table() {
        CliEvent.Completed done = completed;
        if (done == null) {
            return;
        }
        out.println();
        out.println(String.format("%-6s %-22s %12s %7s  %s", "peer", "address", "sent us", "share", "told"));
        Map<String, Long> sent = new LinkedHashMap<>();
        nameOfId.values().stream().sorted().forEach(name -> sent.put(name, 0L));
        done.perPeer().forEach((address, bytes) -> sent.merge(name(address), bytes, Long::sum));
        long total = sent.values().stream().mapToLong(Long::longValue).sum();
        long before = 0;
        for (Map.Entry<String, Long> entry : sent.entrySet()) {
            long after = before + entry.getValue();
            int share = Texts.percent(after, total) - Texts.percent(before, total); // so that the shares add up to 100
            out.println(row(entry.getKey(), entry.getValue(), share));
            before = after;
        }
        out.println(String.format(
                "%-6s %-22s %12s %7s  in %s, %s/s",
                "total", "", Texts.bytes(total), "100 %", Texts.seconds(done.time()), rate(done)));
        out.println();
        out.flush();
    }

    private String row(String name, long bytes, int share) {
        boolean isUs = name.equals(LEECHER);
        return String.format(
                "%-6s %-22s %12s %7s  %s",
                isUs ? "us" : name,
                listening.getOrDefault(name, ""),
                isUs ? "" : Texts.bytes(bytes),
                isUs ? "" : share + " %",
                told(name));
    }

    private String told(String teller) {
        Map<String, Set<String>> byListener = new LinkedHashMap<>();
        for (Hint hint : hints) {
            if (hint.teller().equals(teller)) {
                byListener
                        .computeIfAbsent(hint.listener(), l -> new LinkedHashSet<>())
                        .add(hint.about());
            }
        }
        StringBuilder text = new StringBuilder();
        byListener.forEach((listener, about) -> text.append(text.length() == 0 ? "" : "; ")
                .append(listener.equals(LEECHER) ? "us" : listener)
                .append(" about ")
                .append(String.join(", ", about)));
        return text.toString();
    }

    private static String rate(CliEvent.Completed done) {
        return Texts.bytes(done.bytes() * 1000 / Math.max(1, done.time().toMillis()));
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
