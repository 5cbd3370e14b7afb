/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.peerwire.PeerState;
import org.peerwire.Wire;
import org.peerwire.swarm.Reasons;
import reactor.core.scheduler.Scheduler;

/**
 * A log of wires for people: one line for each event, with the seconds since the creation and the address of the peer.
 * Each line is written on the thread of its event, so it needs no queue, and no buffer outlives its message. The
 * subscriptions end with the wire.
 */
final class WireLog implements WireTap {
    private final PrintWriter err;
    private final boolean messages;
    private final Scheduler clock;
    private final long started;

    /**
     * Creates a log.
     *
     * @param messages true to print also each received message
     * @param clock the clock of the time stamps
     */
    WireLog(PrintWriter err, boolean messages, Scheduler clock) {
        this.err = err;
        this.messages = messages;
        this.clock = clock;
        this.started = clock.now(TimeUnit.MILLISECONDS);
    }

    @Override
    public void failed(InetSocketAddress to, Throwable reason) {
        print(to, "dial failed: " + Reasons.text(reason));
    }

    @Override
    public void opened(Wire wire) {
        InetSocketAddress peer = Addresses.of(wire);
        print(peer, WireTexts.opened(wire));
        wire.states()
                .takeWhile(state -> !wire.isDisposed()) // the end resets the state, which no peer has asked for
                .scan(PeerState.INITIAL, (before, now) -> {
                    WireTexts.changes(before, now).forEach(text -> print(peer, text));
                    return now;
                })
                .subscribe();
        wire.extendedHandshakes()
                .map(WireTexts::handshake)
                .distinctUntilChanged() // a later one often changes only keys that are not printed
                .subscribe(text -> print(peer, text));
        if (messages) {
            wire.inbound()
                    .subscribe(
                            message -> print(peer, "< " + WireTexts.message(message, wire.local())),
                            e -> {}); // the end of the wire has the reason
        }
        wire.onClose()
                .subscribe(
                        null,
                        e -> print(peer, "closed: " + Reasons.text(e)),
                        () -> print(peer, "closed without an error"));
    }

    private void print(InetSocketAddress peer, String text) {
        double seconds = (clock.now(TimeUnit.MILLISECONDS) - started) / 1000.0;
        String line = String.format(Locale.ROOT, "%8.3f  %s  %s", seconds, Addresses.text(peer), text);
        err.println(Texts.plain(line));
        err.flush();
    }
}
