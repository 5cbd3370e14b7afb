/* SPDX-License-Identifier: MIT */
package org.peerwire.test.tck;

import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.Test;

/** Verifies one request against the rules of Reactive Streams. */
@Test
public class BlockMonoTckTest extends PublisherVerification<Block> {
    /** For TestNG. */
    public BlockMonoTckTest() {
        super(Tck.environment());
    }

    /** Releases all buffers. */
    @AfterMethod
    public void close() {
        Tck.close();
    }

    @Override
    public Publisher<Block> createPublisher(long elements) {
        return Tck.bare(Tck.leech().blocks().request(Tck.block(0)));
    }

    /** Returns null: an ended wire fails the request, not the subscription. */
    @Override
    public @Nullable Publisher<Block> createFailedPublisher() {
        return null;
    }

    @Override
    public long maxElementsFromPublisher() {
        return 1;
    }

    /** Is not applicable: a request emits a block or fails, and never completes empty. */
    @Override
    public void optional_spec105_emptyStreamMustTerminateBySignallingOnComplete() {}
}
