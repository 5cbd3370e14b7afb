/* SPDX-License-Identifier: MIT */
package org.peerwire.test.tck;

import java.util.stream.LongStream;
import org.peerwire.Block;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.Test;
import reactor.core.publisher.Flux;

/** Verifies a download against the rules of Reactive Streams. */
@Test
public class DownloaderTckTest extends PublisherVerification<Block> {
    private boolean foreign;

    /** For TestNG. */
    public DownloaderTckTest() {
        super(Tck.environment());
    }

    /** Releases all buffers. */
    @AfterMethod
    public void close() {
        Tck.close();
    }

    @Override
    public Publisher<Block> createPublisher(long elements) {
        Publisher<Block> download = Tck.leech().blocks().download(Flux.fromStream(() -> LongStream.range(0, elements)
                .mapToObj(Tck::block)));
        return foreign ? download : Tck.bare(download);
    }

    @Override
    public Publisher<Block> createFailedPublisher() {
        return Tck.bare(Tck.ended().blocks().download(Flux.just(Tck.block(0))));
    }

    /** Is not applicable: Reactor checks the demand of subscribers other than its own. */
    @Override
    public void required_spec309_requestZeroMustSignalIllegalArgumentException() throws Throwable {
        foreign = true;
        try {
            super.required_spec309_requestZeroMustSignalIllegalArgumentException();
        } finally {
            foreign = false;
        }
    }

    /** Is not applicable, as for zero. */
    @Override
    public void required_spec309_requestNegativeNumberMustSignalIllegalArgumentException() throws Throwable {
        foreign = true;
        try {
            super.required_spec309_requestNegativeNumberMustSignalIllegalArgumentException();
        } finally {
            foreign = false;
        }
    }
}
