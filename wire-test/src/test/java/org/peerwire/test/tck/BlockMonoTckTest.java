/* SPDX-License-Identifier: MIT */
package org.peerwire.test.tck;

import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.Test;

/** The rules of reactive streams for one request. */
@Test
public class BlockMonoTckTest extends PublisherVerification<Block> {
    /** For TestNG. */
    public BlockMonoTckTest() {
        super(Tck.environment());
    }

    /** Leaves no buffer. */
    @AfterMethod
    public void close() {
        Tck.close();
    }

    @Override
    public Publisher<Block> createPublisher(long elements) {
        return Tck.bare(Tck.leech().blocks().request(Tck.block(0)));
    }

    /** None: that a wire has ended is told to the one who asks, not to the one who subscribes. */
    @Override
    public @Nullable Publisher<Block> createFailedPublisher() {
        return null;
    }

    @Override
    public long maxElementsFromPublisher() {
        return 1;
    }

    /** Not applicable: a request gives a block or fails, and never completes empty. */
    @Override
    public void optional_spec105_emptyStreamMustTerminateBySignallingOnComplete() {}
}
