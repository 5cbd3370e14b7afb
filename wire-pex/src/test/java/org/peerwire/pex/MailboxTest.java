/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Hooks;

class MailboxTest {
    private final Mailbox mailbox = new Mailbox();
    private int count;

    @Test
    void aTaskPostedByATaskRunsAfterIt() {
        List<String> ran = new ArrayList<>();
        mailbox.post(() -> {
            mailbox.post(() -> ran.add("second"));
            ran.add("first");
        });
        assertThat(ran).containsExactly("first", "second");
    }

    @Test
    void aTaskThatFailsDoesNotStopTheOthers() {
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            mailbox.post(() -> {
                throw new IllegalStateException("mine");
            });
            mailbox.post(() -> count++);
        } finally {
            Hooks.resetOnErrorDropped();
        }
        assertThat(count).isOne();
        assertThat(dropped).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anErrorOfATaskDoesNotStopTheOthers() {
        List<Integer> ran = new ArrayList<>();
        mailbox.post(() -> {
            mailbox.post(() -> ran.add(1));
            throw new AssertionError("mine");
        });
        mailbox.post(() -> ran.add(2));
        assertThat(ran).containsExactly(1, 2);
    }

    @Test
    void tasksOfManyThreadsNeverRunAtOnce() throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int t = 0; t < 4; t++) {
            threads.execute(() -> {
                for (int i = 0; i < 50_000; i++) {
                    mailbox.post(() -> count++);
                }
            });
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(count).isEqualTo(200_000);
    }
}
