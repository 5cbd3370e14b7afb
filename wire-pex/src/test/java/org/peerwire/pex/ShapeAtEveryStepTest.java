/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.pex.Wires.introduce;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.TorrentShape;
import org.peerwire.message.PieceSet;
import org.peerwire.pex.PeerEvent.Added;
import org.peerwire.test.FakeWire;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The shape of a magnet link becomes known before a wire joins a swarm, or at any step of it. */
class ShapeAtEveryStepTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final CountingScheduler timers = new CountingScheduler(time);
    private final PexOptions options =
            PexOptions.builder().scheduler(timers).telling(false).build();

    /** Joins a new swarm with a wire that learns its shape at a step, and returns the events of the members. */
    private List<PeerEvent> join(int step, TorrentShape shape, boolean[] over) {
        FakeWire fake = introduce(Wires.dialled("81.2.69.142:6881", options)).have(PieceSet.all(3));
        SteppedWire stepped =
                new SteppedWire(fake, step, () -> fake.shape(shape).subscribe());
        if (step == 0) {
            fake.shape(shape).subscribe();
        }
        PexSwarm swarm = PexSwarm.create(options);
        List<PeerEvent> members = new ArrayList<>();
        swarm.members().subscribe(members::add);
        swarm.join(stepped.wire);
        over[0] = step > 0 && stepped.isOver();
        fake.shape(shape).subscribe();
        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(timers.pending()).as("timers, step %d", step).isZero();
        return members;
    }

    @Test
    void aPeerWithEveryPieceIsASeed() {
        boolean[] over = new boolean[1];
        for (int step = 0; !over[0]; step++) {
            List<PeerEvent> members = join(step, TorrentShape.of(3, 1), over);
            assertThat(members).as("step %d", step).last().isInstanceOfSatisfying(Added.class, added -> assertThat(
                            added.flags().seed())
                    .isTrue());
        }
    }

    @Test
    void aWireOfAPrivateTorrentIsNotKept() {
        boolean[] over = new boolean[1];
        for (int step = 0; !over[0]; step++) {
            List<PeerEvent> members = join(step, new TorrentShape(3, 1, true), over);
            assertThat(members.stream().filter(Added.class::isInstance).count() == 0
                            || members.get(members.size() - 1) instanceof PeerEvent.Dropped)
                    .as("step %d: %s", step, members)
                    .isTrue();
        }
    }
}
