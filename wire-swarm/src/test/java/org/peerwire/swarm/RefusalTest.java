/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.Features;
import org.peerwire.message.Feature;
import reactor.core.publisher.Mono;

/** Tests that a peer that refuses is asked ever less often, and again when it serves. Attack A-80. */
class RefusalTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private enum Refusal {
        REJECTS {
            @Override
            void prepare(Puppet puppet) {
                puppet.answer(Answers.reject());
            }
        },
        REJECTS_LATE {
            @Override
            void prepare(Puppet puppet) {
                puppet.answer(ask -> Answers.rejectAt(Mono.delay(
                                        Duration.ofMillis(2_900),
                                        ask.world().net.clock())
                                .then())
                        .to(ask));
            }
        },
        FLAPS {
            @Override
            void prepare(Puppet puppet) {
                puppet.answer(Answers.silence()).flaps(Duration.ofMillis(100));
            }
        },
        FLAPS_SLOWLY {
            @Override
            void prepare(Puppet puppet) {
                puppet.answer(Answers.silence()).flaps(Duration.ofMillis(2_500));
            }
        },
        FLAPS_AT_ONCE {
            @Override
            void prepare(Puppet puppet) {
                puppet.answer(Answers.silence()).flapsAtOnce(Duration.ofMillis(1_000));
            }
        },
        FLAPS_WITHOUT_FAST {
            @Override
            void prepare(Puppet puppet) {
                puppet.answer(Answers.silence())
                        .features(Features.DEFAULT.without(Feature.FAST))
                        .flaps(Duration.ofMillis(100));
            }
        },
        IS_SILENT {
            @Override
            void prepare(Puppet puppet) {
                puppet.answer(Answers.silence());
            }
        },
        CUTS {
            @Override
            void prepare(Puppet puppet) {
                puppet.answer(Answers.cut());
            }
        };

        abstract void prepare(Puppet puppet);
    }

    @ParameterizedTest
    @EnumSource
    void itIsAskedEverLessOften(Refusal refusal) {
        try (World world = new World(1, 20, 4)) {
            Puppet refusing = world.puppet();
            refusal.prepare(refusing);
            Collected leech = world.leech(refusing).start();

            List<Long> requests = new ArrayList<>();
            for (int minute = 0; minute < 30; minute++) {
                long before = refusing.requests;
                world.advance(MINUTE);
                requests.add(refusing.requests - before);
            }

            assertThat(requests.get(0)).as("in the first minute").isBetween(4L, 60L);
            assertThat(requests.subList(2, 30)).allSatisfy(each -> assertThat(each)
                    .as("in each later minute: two bursts")
                    .isLessThanOrEqualTo(8));
            assertThat(refusing.messages).isLessThan(30 * 60);
            leech.cancel();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REJECTS", "IS_SILENT", "CUTS"})
    void itIsAskedAgainWhenItServes(Refusal refusal) {
        try (World world = new World(1, 20, 4)) {
            Puppet refusing = world.puppet();
            refusal.prepare(refusing);
            Collected leech = world.leech(refusing).start();
            world.advance(Duration.ofMinutes(10));

            refusing.answer(Answers.serve());

            assertThat(leech.await(LIMIT)).isLessThan(Duration.ofMinutes(2));
        }
    }
}
