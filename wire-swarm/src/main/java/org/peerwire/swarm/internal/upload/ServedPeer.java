/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.upload;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.peerwire.PeerState;
import org.peerwire.Wire;
import org.peerwire.WireStats;
import org.peerwire.message.Message;
import org.peerwire.swarm.ChokeStrategy.Candidate;
import reactor.core.publisher.Sinks.EmitResult;

/** A wire that is served, with what the choker knows about it. Confined to the thread of the swarm, except for {@link #changed}. */
final class ServedPeer {
    private static final long SNUB = TimeUnit.SECONDS.toNanos(60);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    final Wire wire;
    final GateOfWire gate;
    final RequestedBlocks requested;

    /** True while a task is scheduled that looks at the state. So a flood of changes is one task. Any thread. */
    final AtomicBoolean changed = new AtomicBoolean();

    /** The number of rounds before it was added. */
    long joined;

    boolean isInterested;
    boolean isUnchoked;

    /** True if the strategy gave it no place in the last round in which it was a candidate. */
    boolean isLeftOut;

    /** True if it has given up a slot since the last round. It waits for the next one, so that it cannot flap. */
    boolean hasLeftSlot;

    private Sample before;
    private Sample last;
    private long lastBlock;
    private boolean isAsked;

    private record Sample(long at, long in, long out) {}

    ServedPeer(Wire wire, GateOfWire gate, RequestedBlocks requested, long now) {
        this.wire = wire;
        this.gate = gate;
        this.requested = requested;
        this.last = sample(wire.stats(), now);
        this.before = last;
        this.lastBlock = now;
    }

    private static Sample sample(WireStats stats, long now) {
        return new Sample(now, stats.payloadIn(), stats.payloadOut());
    }

    /** Returns the facts for the strategy, and begins the next period of 10 seconds. */
    Candidate candidate(long now) {
        WireStats stats = wire.stats();
        boolean isSnubbing = isSnubbing(stats, now);
        Sample current = sample(stats, now);
        Candidate facts = new Candidate(
                wire.remote().peerId(),
                isUnchoked,
                rate(current.in - before.in, now),
                rate(current.out - before.out, now),
                isSnubbing);
        before = last;
        last = current;
        return facts;
    }

    /** The requests may have gone to other peers meanwhile, so one look at them while they wait is enough. */
    private boolean isSnubbing(WireStats stats, long now) {
        PeerState state = wire.state();
        if (stats.payloadIn() != last.in || !state.amInterested() || state.peerChoking()) {
            isAsked = false;
        }
        if (!isAsked) {
            isAsked = state.amInterested() && !state.peerChoking() && stats.requestsOutstanding() > 0;
            lastBlock = now;
        }
        return isAsked && now - lastBlock >= SNUB;
    }

    private long rate(long bytes, long now) {
        return (long) ((double) bytes * SECOND / Math.max(SECOND, now - before.at));
    }

    /** Returns the bytes per second that it gets, over the last 10 to 20 seconds. */
    long uploadRate(long now) {
        return rate(wire.stats().payloadOut() - before.out, now);
    }

    /** Returns true if the message was queued. Otherwise, its queue is full: nothing has changed. */
    boolean unchoke(boolean unchoke) {
        Message message = unchoke ? new Message.Unchoke() : new Message.Choke();
        if (isUnchoked == unchoke || wire.outbound().tryEmit(message) != EmitResult.OK) {
            return false;
        }
        isUnchoked = unchoke;
        return true;
    }
}
