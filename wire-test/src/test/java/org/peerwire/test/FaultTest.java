/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.peerwire.test.Fixture.OTHER;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.blocks;
import static org.peerwire.test.Fixture.bytes;
import static org.peerwire.test.Fixture.end;

import io.netty.buffer.ByteBufUtil;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.ConnectionException;
import org.peerwire.ProtocolException;
import org.peerwire.message.Message;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Tests the faults of a line and their effect on a wire. */
class FaultTest {
    private final WirePair pair = WirePair.open(SELF, OTHER);
    private final Recorder<Message> heard = Recorder.of(pair.responder().inbound());

    @BeforeEach
    void serve() {
        pair.initiator()
                .blocks()
                .serve(request -> Mono.fromSupplier(() -> bytes(request)))
                .subscribe();
        pair.initiator().outbound().tryEmit(new Message.Unchoke());
    }

    @AfterEach
    void close() {
        pair.dispose();
    }

    private Recorder<Block> download(int blocks) {
        return Recorder.of(pair.responder().blocks().download(Flux.fromIterable(blocks(blocks))));
    }

    private void initiatorSays(Message message) {
        pair.initiator().outbound().tryEmit(message);
    }

    @Test
    void nothingIsLostWhenEveryByteComesAlone() {
        pair.toResponder().fault(Fault.split(1));

        Recorder<Block> blocks = download(5);

        assertThat(blocks.hasCompleted()).isTrue();
        assertThat(blocks.values()).allSatisfy(block -> assertThat(ByteBufUtil.getBytes(block.data()))
                .isEqualTo(ByteBufUtil.getBytes(bytes(block.request()))));
    }

    @Test
    void aByteIsCorruptedOnceAtItsPosition() {
        pair.toResponder().fault(Fault.corrupt(13 + 5));

        Recorder<Block> blocks = download(2);

        byte[] expected = ByteBufUtil.getBytes(bytes(block(0, 0)));
        expected[5] = (byte) ~expected[5];
        assertThat(ByteBufUtil.getBytes(blocks.values().get(0).data())).isEqualTo(expected);
        assertThat(ByteBufUtil.getBytes(blocks.values().get(1).data()))
                .isEqualTo(ByteBufUtil.getBytes(bytes(block(0, 1))));
    }

    @Test
    void aCorruptedLengthIsAViolation() {
        pair.toResponder().fault(Fault.corrupt(0));

        initiatorSays(new Message.Interested());

        assertThat(((ProtocolException) end(pair.responder())).reason()).isEqualTo(ProtocolException.Reason.LENGTH);
    }

    @Test
    void aPeerOfWhomNothingArrivesIsIdle() {
        pair.toResponder().fault(Fault.drop());
        pair.advance(Duration.ofMinutes(3));

        assertThat(((ConnectionException) end(pair.responder())).reason()).isEqualTo(ConnectionException.Reason.IDLE);
    }

    @Test
    void bytesAfterTheLimitAreLost() {
        int before = heard.values().size();
        pair.toResponder().fault(Fault.dropAfter(5 + 9));

        initiatorSays(new Message.Interested());
        initiatorSays(new Message.Have(1));
        initiatorSays(new Message.Have(2));

        assertThat(heard.values().subList(before, heard.values().size()))
                .containsExactly(new Message.Interested(), new Message.Have(1));
    }

    @Test
    void aLineWithoutItsFaultLosesNothing() {
        pair.toResponder().fault(Fault.drop());
        initiatorSays(new Message.Have(1));
        pair.toResponder().fault(Fault.none());

        initiatorSays(new Message.Have(2));

        assertThat(heard.values()).endsWith(new Message.Have(2)).doesNotContain(new Message.Have(1));
    }

    @Test
    void aFaultOfOnesOwnIsALambda() {
        int before = heard.values().size();
        pair.toResponder().fault((bytes, out) -> {
            out.accept(bytes.retainedDuplicate());
            out.accept(bytes);
        });

        initiatorSays(new Message.SuggestPiece(3));

        assertThat(heard.values().subList(before, heard.values().size()))
                .containsExactly(new Message.SuggestPiece(3), new Message.SuggestPiece(3));
    }

    @Test
    void aReadOfZeroBytesIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.split(0));
    }
}
