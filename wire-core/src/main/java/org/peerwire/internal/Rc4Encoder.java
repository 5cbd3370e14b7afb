/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import org.peerwire.internal.encryption.Rc4;

/**
 * Encrypts what a wire writes. Always into a fresh buffer: what is written may be a part of something, shared, or to be
 * written again, and RC4 in place would change it for others, too.
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
