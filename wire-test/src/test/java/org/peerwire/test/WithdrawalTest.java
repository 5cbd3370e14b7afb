/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.EXTENDED;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.peerwire.Ignored;
import org.peerwire.extension.Extension;
import org.peerwire.message.Message;
import reactor.core.publisher.Sinks.EmitResult;

/** An extension is withdrawn for us when it is withdrawn for the peer: when the handshake that says so is written. */
class WithdrawalTest {
    private static final int NUMBER = 1;

    private final ScriptedPeer peer =
            peer(SELF.withExtension(Extension.named("xx_chat")), EXTENDED, options -> options.outboundQueue(20));
    private final Recorder<ByteBuf> heard =
            Recorder.of(peer.wire().extension("xx_chat").inbound());

    /** Fills the queue: the peer does not read, and no further message is accepted. */
    private void clog() {
        peer.stopReading();
        while (peer.wire().outbound().tryEmit(new Message.Have(0)) == EmitResult.OK) {
            assertThat(peer.isClosed()).isFalse();
        }
    }

    private void say() {
        peer.send(new Message.Extended(NUMBER, Unpooled.wrappedBuffer(new byte[] {1})));
    }

    private long unknown() {
        return peer.wire().stats().ignored(Ignored.UNKNOWN_EXTENSION);
    }

    @Test
    void aRefusedWithdrawalChangesNothing() {
        clog();
        Recorder<Void> refused = Recorder.of(peer.wire().readvertise(mine -> mine.disable("xx_chat")));
        assertThat(refused.error()).hasMessageContaining("20 messages");

        say();

        assertThat(heard.values()).hasSize(1);
        assertThat(unknown()).isZero();
        peer.dispose();
    }

    @Test
    void anExtensionThatIsBroughtBackIsHeardAgain() {
        peer.wire().readvertise(mine -> mine.disable("xx_chat")).subscribe();
        say();
        peer.wire().readvertise(mine -> mine.enable("xx_chat")).subscribe();
        say();

        assertThat(heard.values()).hasSize(1);
        assertThat(unknown()).isEqualTo(1);
        peer.dispose();
    }
}
