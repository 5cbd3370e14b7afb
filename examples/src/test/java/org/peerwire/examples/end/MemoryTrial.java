/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireOptions;
import org.peerwire.examples.end.Dimensions.Reading;
import org.peerwire.examples.end.Dimensions.Side;
import org.peerwire.test.Fault;
import org.peerwire.test.ScriptedPeer;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A trial with the test kit: the second after the end passes on its clock, before {@link #play} returns. That clock
 * does not count the tasks of the wire that are left, so only those of the other modules are counted.
 */
final class MemoryTrial implements Trial {
    private static final Duration LIMIT = Duration.ofNanos(Batch.LIMIT_NANOS);

    private final Cell cell;
    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final CountingTimers timers = new CountingTimers(clock);
    private final Attachments attachments = new Attachments(timers);
    private final ScriptedPeer peer;
    private volatile @Nullable HandedOut handedOut;
    private WeakReference<Wire> wire = new WeakReference<>(null);

    MemoryTrial(Cell cell) {
        this.cell = cell;
        LocalPeer self = attachments.peer();
        UnaryOperator<WireOptions.Builder> options = builder -> Subject.optionsFor(cell, builder);
        this.peer = cell.side() == Side.DIAL
                ? ScriptedPeer.dialledBy(self, options, this::opened)
                : ScriptedPeer.dialling(self, options, this::opened);
    }

    private void opened(Wire opened) {
        wire = new WeakReference<>(opened);
        HandedOut taken = new HandedOut(opened, attachments);
        taken.take(cell.reading().isPaused());
        handedOut = taken;
    }

    @Override
    public Cell cell() {
        return cell;
    }

    @Override
    public void play() {
        switch (cell.pace()) {
            case TOGETHER -> {
                peer.toWire().hold();
                say();
                end();
                peer.toWire().letGo();
            }
            case AFTERWARDS -> {
                say();
                end();
            }
            case INSIDE_ANSWER -> {
                peer.fromWire().fault((bytes, out) -> {
                    peer.fromWire().fault(Fault.none());
                    out.accept(bytes);
                    end();
                });
                say();
            }
        }
        peer.advance(LIMIT);
        clock.advanceTimeBy(LIMIT);
    }

    private void say() {
        if (cell.reading() == Reading.CROWDED) {
            peer.stopReading();
        }
        byte[] handshake = new byte[Handshake.LENGTH];
        new Handshake(Features.DEFAULT, Attachments.TORRENT, PeerId.random("-SP0001-"))
                .writeTo(Unpooled.wrappedBuffer(handshake).clear());
        int opening = Math.min(handshake.length, cell.cut().opening());
        ByteBuf all = Unpooled.wrappedBuffer(
                Unpooled.wrappedBuffer(handshake, 0, opening), Unpooled.wrappedBuffer(Spoken.bytes(cell)));
        if (all.isReadable()) {
            peer.send(all); // in one read, so that an end inside the answer loses nothing
        }
    }

    private void end() {
        switch (cell.ending()) {
            case FIN -> peer.close();
            case RST -> peer.reset();
            case HALF_CLOSE -> {
                peer.halfClose();
                peer.startReading();
            }
            case UNREAD -> throw new IllegalStateException("not in memory");
        }
    }

    @Override
    public void poll() {
        // everything has happened
    }

    @Override
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        HandedOut taken = handedOut;
        if (taken == null) {
            if (peer.failure() == null) {
                faults.add("the wire has neither opened nor failed");
            }
        } else if (!taken.wire().isDisposed()) {
            return List.of("wire not disposed");
        } else {
            faults.addAll(taken.faults());
        }
        if (timers.pending() > 0) {
            faults.add("tasks scheduled: " + timers.pending());
        }
        return faults;
    }

    @Override
    public void resume() {
        if (handedOut != null) {
            Spoken.resume(cell, handedOut);
        }
    }

    @Override
    public void takeLate() {
        if (handedOut != null) {
            handedOut.takeLate();
        }
    }

    @Override
    public List<String> wrongs() {
        return handedOut == null ? List.of() : Spoken.wrongs(cell, handedOut.reader());
    }

    @Override
    public void forget() {
        handedOut = null;
    }

    /** Returns false: the peer of the kit holds the wire, so this cannot be seen. */
    @Override
    public boolean isWireHeld() {
        return false;
    }

    @Override
    public void dispose() {
        Wire left = wire.get();
        if (left != null) {
            left.dispose();
        }
        peer.dispose();
        attachments.dispose();
    }
}
