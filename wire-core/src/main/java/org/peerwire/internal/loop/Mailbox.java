/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.loop;

import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import reactor.util.concurrent.Queues;

/**
 * The way of items to the event loop, in the order in which they are put. Signals of a publisher are serial, but may come
 * from several threads: one on the loop must not overtake those that wait for the loop.
 *
 * @param <T> a signal or a message
 */
public final class Mailbox<T> {
    private final WireContext context;
    private final Consumer<Runnable> batch;
    private final Consumer<? super T> reader;
    private final Queue<T> items = Queues.<T>unboundedMultiproducer().get();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /**
     * Creates an empty mailbox.
     *
     * @param batch runs a task that reads several items
     * @param reader takes an item on the loop
     */
    public Mailbox(WireContext context, Consumer<Runnable> batch, Consumer<? super T> reader) {
        this.context = context;
        this.batch = batch;
        this.reader = reader;
    }

    /** Has the item read: at once when called on the loop, otherwise soon. Any thread. */
    public void put(T item) {
        if (context.loop().inEventLoop()) {
            readWaiting();
            reader.accept(item);
            return;
        }
        items.add(item);
        if (scheduled.compareAndSet(false, true)) {
            context.run(() -> {
                scheduled.set(false); // before the read, so that no item and no error keeps a later one waiting
                readWaiting();
            });
        }
    }

    /** Reads what waits now. Call it before something that must not overtake the items. */
    @EventLoopOnly
    public void readWaiting() {
        if (!items.isEmpty()) {
            batch.accept(() -> {
                T item;
                while ((item = items.poll()) != null) {
                    T next = item;
                    Signals.run(() -> reader.accept(next));
                }
            });
        }
    }
}
