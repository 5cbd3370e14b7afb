/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.message.BlockRequest;

class DownloadsTest {
    private final Downloads downloads = new Downloads();
    private final List<String> calls = new ArrayList<>();

    private final class Recorded implements Downloads.Download {
        private final String name;
        private final Runnable reaction;

        Recorded(String name, Runnable reaction) {
            this.name = name;
            this.reaction = reaction;
        }

        private void called(String how) {
            calls.add(name + " " + how);
            reaction.run();
        }

        @Override
        public void schedule() {
            called("schedules");
        }

        @Override
        public void onPermissionsChanged() {
            called("looks again");
        }

        @Override
        public boolean onOurCancel(BlockRequest request) {
            called("withdraws " + request);
            return request.piece() == 1;
        }

        @Override
        public void tick(long now) {
            called("ticks at " + now);
        }

        @Override
        public void onWireEnd() {
            called("ends");
        }
    }

    private Recorded add(String name, Runnable reaction) {
        Recorded download = new Recorded(name, reaction);
        downloads.add(download);
        return download;
    }

    @Test
    void everyDownloadHearsOfEachEventInTheirOrder() {
        add("a", () -> {});
        add("b", () -> {});

        downloads.onPlaceFreed();
        downloads.onPermissionsChanged();
        downloads.tick(5);
        downloads.close();

        assertThat(calls)
                .containsExactly(
                        "a schedules", "b schedules",
                        "a looks again", "b looks again",
                        "a ticks at 5", "b ticks at 5",
                        "a ends", "b ends");
    }

    @Test
    void everyDownloadWithdrawsARequest() {
        BlockRequest request = new BlockRequest(1, 0, 16);
        assertThat(downloads.onOurCancel(request)).as("nobody has it").isFalse();
        add("a", () -> {});
        add("b", () -> {});

        assertThat(downloads.onOurCancel(request)).isTrue();
        assertThat(calls).containsExactly("a withdraws " + request, "b withdraws " + request);
    }

    @Test
    void removedDownloadHearsNothing() {
        Recorded a = add("a", () -> {});
        add("b", () -> {});

        downloads.remove(a);
        downloads.onPlaceFreed();

        assertThat(calls).containsExactly("b schedules");
    }

    @Test
    void downloadThatComesDuringAnEventHearsOfTheNext() {
        add("a", () -> {
            if (calls.size() == 1) {
                add("b", () -> {});
            }
        });

        downloads.tick(1);
        downloads.tick(2);

        assertThat(calls).containsExactly("a ticks at 1", "a ticks at 2", "b ticks at 2");
    }

    @Test
    void downloadThatRemovesItselfAtTheEndDoesNotStopTheOthers() {
        Recorded[] self = new Recorded[1];
        self[0] = add("a", () -> downloads.remove(self[0]));
        add("b", () -> {});

        downloads.close();

        assertThat(calls).containsExactly("a ends", "b ends");
    }
}
