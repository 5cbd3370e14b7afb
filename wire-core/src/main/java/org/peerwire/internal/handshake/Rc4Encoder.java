/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import org.peerwire.internal.encryption.Rc4;
import org.peerwire.internal.loop.EventLoopOnly;

/**
 * Encrypts the bytes that a wire writes, always into a new buffer. The plain buffer may be shared or written again, and
 * RC4 in place would change it for its other users.
 */
final class Rc4Encoder extends ChannelOutboundHandlerAdapter {
    static final String NAME = "peerwire.rc4";

    @EventLoopOnly
    private final Rc4 cipher;

    Rc4Encoder(Rc4 cipher) {
        this.cipher = cipher;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf plain) || !plain.isReadable()) {
            context.write(message, promise);
            return;
        }
        ByteBuf encrypted;
        try {
            encrypted = context.alloc().ioBuffer(plain.readableBytes());
            cipher.apply(plain, encrypted);
        } finally {
            plain.release();
        }
        context.write(encrypted, promise);
    }
}
