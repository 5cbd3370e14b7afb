/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import io.netty.buffer.ByteBuf;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentFile;
import org.reactivestreams.Publisher;

/**
 * A source of ranges of files beside the peers, such as a web seed (BEP 19). It counts as a source that has every piece.
 *
 * <p>The swarm reads ranges of about 4 MiB, at most two at a time, verifies the pieces, and shares its rates and its
 * memory between sources and peers. A source that sends wrong data is not read again. One that fails is read again after
 * 5 s, and after twice the time with each further failure, up to 10 minutes. Thread-safe.
 */
public interface RangeSource {

    /** Returns the name of the source, for people. A lie excludes all sources of the same name. */
    String name();

    /**
     * Returns the bytes of a range, in order.
     *
     * @return a publisher, subscribed once on the thread of the swarm. It may signal on any thread, respects the demand
     *     and completes after the last byte. The swarm releases the buffers that it gets; the publisher releases those
     *     that it has not emitted. It is cancelled when nobody needs the range any more. A failure with {@link
     *     SourceException} tells the swarm when to try again
     */
    Publisher<ByteBuf> read(Range range);

    /**
     * A range of bytes of one file, which is no padding file.
     *
     * @param torrent the torrent of the file
     * @param file the file
     * @param offset the offset of the first byte within the file
     * @param length the number of bytes, 1 or more
     */
    record Range(Torrent torrent, TorrentFile file, long offset, int length) {}
}
