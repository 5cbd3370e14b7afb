/* SPDX-License-Identifier: MIT */
package org.peerwire;

import io.netty.buffer.ByteBuf;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Buffered;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * A requested block that has arrived. Its bytes are not verified: only the hash of the whole piece can do that. If the
 * hash is wrong, {@link #from()} names the sender.
 *
 * <p>With {@link PayloadMode#COPY}, the default, the data is on the heap and needs no release. With
 * {@link PayloadMode#POOLED} the receiver must release the block once: {@link #use} does that.
 *
 * @param request the request
 * @param data exactly {@code request.length()} bytes
 * @param from the wire that received it; null for a block made by a user
 */
public record Block(
        BlockRequest request, ByteBuf data, @Nullable Wire from) implements Buffered {

    /** Creates a block from another source than a wire. */
    public Block(BlockRequest request, ByteBuf data) {
        this(request, data, null);
    }

    /**
     * Returns an operator that works with one block after the other. The same as {@link #use(Function, int)} with a
     * concurrency of 1: {@code download(requests).transform(Block.use(this::write))}.
     *
     * @param work the work with a block
     */
    public static <T> Function<Flux<Block>, Flux<T>> use(
            Function<? super Block, ? extends Publisher<? extends T>> work) {
        return use(work, 1);
    }

    /**
     * Returns an operator that works with several blocks at once and releases each block once: when its work completes,
     * fails or is cancelled. A block that waits for its work is released when the flux ends or is cancelled.
     *
     * @param work returns the work with a block, whose data is valid until the work ends. An exception or null fails
     *     the flux
     * @param concurrency the number of blocks with work in progress, 1 or more
     * @return a function for {@link Flux#transform}. Its flux emits the results, in the order of the blocks if
     *     {@code concurrency} is 1, and fails with the first error
     * @throws IllegalArgumentException if {@code concurrency} is less than 1
     */
    public static <T> Function<Flux<Block>, Flux<T>> use(
            Function<? super Block, ? extends Publisher<? extends T>> work, int concurrency) {
        Ranges.atLeast("concurrency", concurrency, 1);
        return blocks -> BlockLeases.use(blocks, work, concurrency);
    }

    /** Returns the index of the piece. */
    public int piece() {
        return request.piece();
    }

    /** Returns the offset of the first byte within the piece. */
    public int offset() {
        return request.offset();
    }

    /** Returns the number of bytes. */
    public int length() {
        return request.length();
    }

    @Override
    public ByteBuf content() {
        return data;
    }
}
