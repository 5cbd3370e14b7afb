/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Hooks;
import reactor.core.scheduler.Schedulers;

class MailboxTest {
    private final ManualLoop loop = new ManualLoop();
    private final List<String> read = new ArrayList<>();
    private int batches;
    private final Mailbox<String> mailbox =
            new Mailbox<>(new WireContext(loop, Schedulers.immediate()), this::batch, this::read);

    private void batch(Runnable task) {
        batches++;
        task.run();
    }

    private void read(String item) {
        if (item.equals("fatal")) {
            throw new OutOfMemoryError("a test");
        }
        if (item.equals("wrong")) {
            throw new IllegalStateException("a wrong item");
        }
        read.add(item);
        if (item.equals("more")) {
            mailbox.put("from the reader");
        }
    }

    private void putElsewhere(String... items) {
        loop.elsewhere(() -> List.of(items).forEach(mailbox::put));
    }

    @Test
    void itemsOfAnotherThreadAreReadByOneTask() {
        putElsewhere("a", "b", "c");
        assertThat(read).isEmpty();

        loop.runTasks();

        assertThat(read).containsExactly("a", "b", "c");
        assertThat(batches).isEqualTo(1);
    }

    @Test
    void itemOfTheLoopIsReadAtOnceAfterThoseThatWait() {
        putElsewhere("a", "b");

        mailbox.put("c");

        assertThat(read).containsExactly("a", "b", "c");
    }

    @Test
    void itemsAfterAnEarlyReadAreReadToo() {
        putElsewhere("a");
        mailbox.put("b");
        putElsewhere("c");

        loop.runTasks();
        putElsewhere("d");
        loop.runTasks();

        assertThat(read).containsExactly("a", "b", "c", "d");
    }

    @Test
    void itemOfAReaderComesAfterThoseThatWait() {
        putElsewhere("more", "b");

        loop.runTasks();

        assertThat(read).containsExactly("more", "b", "from the reader");
    }

    @Test
    void exceptionOfAReaderKeepsNoOtherItemBack() {
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            putElsewhere("wrong", "b");
            loop.runTasks();
            putElsewhere("c");
            loop.runTasks();
        } finally {
            Hooks.resetOnErrorDropped();
        }

        assertThat(read).containsExactly("b", "c");
        assertThat(dropped).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void fatalErrorOfAReaderKeepsNoLaterItemBack() {
        putElsewhere("fatal", "b");
        assertThatThrownBy(loop::runTasks).isInstanceOf(OutOfMemoryError.class);

        putElsewhere("c");
        loop.runTasks();

        assertThat(read).containsExactly("b", "c");
    }
}
