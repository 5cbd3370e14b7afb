/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.handshake;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.peerwire.internal.outbound.OutboundQueue;

/** Writes on when the socket takes data again. */
final class WritabilityHandler extends ChannelInboundHandlerAdapter {
    static final String NAME = "peerwire.writability";

    private final OutboundQueue outbound;

    WritabilityHandler(OutboundQueue outbound) {
        this.outbound = outbound;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext handler) {
        if (handler.channel().isWritable()) {
            outbound.drain();
        }
        handler.fireChannelWritabilityChanged();
    }
}
