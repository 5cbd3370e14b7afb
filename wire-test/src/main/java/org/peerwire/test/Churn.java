/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;

/** Hosts that leave a {@link TestSwarm} and return. */
final class Churn implements Disposable {
    private final TestSwarm net;
    private final Random random;
    private final long up;
    private final long down;
    private boolean disposed;

    Churn(TestSwarm net, Random random, Duration up, Duration down) {
        this.net = net;
        this.random = random;
        this.up = up.toNanos();
        this.down = down.toNanos();
    }

    void start(InetSocketAddress host) {
        after(up, () -> leave(host));
    }

    private void leave(InetSocketAddress host) {
        net.cut(host);
        after(down, () -> enter(host));
    }

    private void enter(InetSocketAddress host) {
        net.restart(host);
        start(host);
    }

    private void after(long mean, Runnable next) {
        long time = 1 + (long) (-Math.log(1 - random.nextDouble()) * mean);
        net.clock().schedule(() -> runUnlessDisposed(next), time, TimeUnit.NANOSECONDS);
    }

    private void runUnlessDisposed(Runnable next) {
        if (!disposed) {
            next.run();
        }
    }

    @Override
    public void dispose() {
        disposed = true;
    }
}
