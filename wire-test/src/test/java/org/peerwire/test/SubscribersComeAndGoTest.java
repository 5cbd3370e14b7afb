/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.UNSHAPED;
import static org.peerwire.test.Fixture.peer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.message.Message;

/** Tests that each subscriber sees consecutive messages without a gap. */
class SubscribersComeAndGoTest {

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    /** A subscriber, and the number of the first message that it may see. */
    private record Watch(Recorder<Message> recorder, int from) {}

    @ParameterizedTest
    @MethodSource("seeds")
    void everySubscriberSeesARunWithoutGaps(long seed) {
        Random random = new Random(seed);
        ScriptedPeer peer = peer(UNSHAPED, PLAIN, options -> options.subscriberQueue(8));
        List<Watch> all = new ArrayList<>();
        List<Watch> open = new ArrayList<>();
        int said = 0;

        for (int step = 0; step < 400; step++) {
            Watch some = open.isEmpty() ? null : open.get(random.nextInt(open.size()));
            switch (random.nextInt(8)) {
                case 0 -> {
                    int next = (int) peer.wire().stats().messagesIn();
                    Watch watch = new Watch(Recorder.of(peer.wire().inbound(), random.nextInt(4)), next);
                    all.add(watch);
                    open.add(watch);
                }
                case 1 -> {
                    if (some != null) {
                        some.recorder().cancel();
                        open.remove(some);
                    }
                }
                case 2, 3, 4 -> {
                    if (some != null) {
                        some.recorder().request(1 + random.nextInt(10));
                    }
                }
                default -> {
                    for (int n = random.nextInt(6); n > 0; n--) {
                        peer.send(new Message.Have(said++));
                    }
                }
            }
        }
        open.forEach(watch -> watch.recorder().request(Long.MAX_VALUE));
        peer.advance(Duration.ofSeconds(1));

        assertThat(peer.wire().stats().messagesIn()).isEqualTo(said);
        for (Watch watch : all) {
            List<Message> seen = watch.recorder().values();
            for (int i = 0; i < seen.size(); i++) {
                assertThat(seen.get(i)).isEqualTo(new Message.Have(watch.from() + i));
            }
            assertThat(watch.recorder().error()).isNull();
        }
        for (Watch watch : open) {
            assertThat(watch.recorder().values()).hasSize(said - watch.from());
        }
        peer.dispose();
    }
}
