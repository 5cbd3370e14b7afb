/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import org.peerwire.examples.end.Dimensions.Ending;
import org.peerwire.examples.end.Dimensions.Pace;
import org.peerwire.examples.end.Dimensions.Side;
import reactor.netty.resources.LoopResources;

/** A trial over a socket on loopback. */
final class SocketTrial implements Trial {
    private final Cell cell;
    private final Subject subject;
    private final RawPeer peer;

    SocketTrial(Cell cell, LoopResources loops) {
        this.cell = cell;
        this.subject = new Subject(cell, loops);
        this.peer = new RawPeer(cell);
    }

    @Override
    public Cell cell() {
        return cell;
    }

    @Override
    public void play() throws IOException {
        if (cell.side() == Side.ACCEPT) {
            InetSocketAddress address = subject.listen();
            peer.dial(address);
        } else {
            subject.dial(peer.listen());
            peer.accept();
        }
        peer.open(cell.cut().opening());
        byte[] conversation = Spoken.bytes(cell);
        if (conversation.length > 0) {
            peer.say(conversation);
        }
        if (cell.pace() == Pace.AFTERWARDS) {
            awaitRead();
        }
        peer.end();
    }

    private void awaitRead() {
        RawPeer.await("an open wire", () -> subject.handedOut() != null);
        HandedOut taken = Objects.requireNonNull(subject.handedOut());
        RawPeer.await(
                "the wire to read " + peer.sent() + " bytes, or to stop reading",
                () -> taken.wire().stats().bytesIn() == peer.sent() || subject.isPaused());
    }

    @Override
    public void poll() {
        if (cell.ending() == Ending.HALF_CLOSE) {
            peer.drain();
        }
    }

    @Override
    public List<String> faults() {
        return subject.faults();
    }

    @Override
    public void resume() {
        HandedOut taken = subject.handedOut();
        if (taken != null) {
            Spoken.resume(cell, taken);
        }
    }

    @Override
    public void takeLate() {
        HandedOut taken = subject.handedOut();
        if (taken != null) {
            taken.takeLate();
        }
    }

    @Override
    public List<String> wrongs() {
        HandedOut taken = subject.handedOut();
        return taken == null ? List.of() : Spoken.wrongs(cell, taken.reader());
    }

    @Override
    public void forget() {
        subject.forget();
    }

    @Override
    public boolean isWireHeld() {
        return subject.isWireHeld();
    }

    @Override
    public void dispose() {
        peer.close();
        subject.dispose();
    }
}
