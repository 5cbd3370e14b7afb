/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.EXTENDED;
import static org.peerwire.test.Fixture.PIECES;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.extended;
import static org.peerwire.test.Fixture.handshakeOf;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.reject;
import static org.peerwire.test.Fixture.request;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.Features;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import reactor.core.publisher.Mono;

/** Tests BEP 54 in both directions. */
class DontHaveTest {
    private static final String NAME = "lt_donthave";
    private static final int THEIR_ID = 7;

    /** Returns the message of the peer, with the number that the wire gave to the extension. */
    private static Message.Extended dontHave(ScriptedPeer peer, int piece) {
        int id = handshakeOf(peer).extensions().get(NAME);
        return dontHave(id, piece);
    }

    private static Message.Extended dontHave(int id, int piece) {
        return new Message.Extended(id, Unpooled.buffer(4).writeInt(piece));
    }

    private static Message.Extended listing() {
        return extended(ExtendedHandshake.builder().extension(NAME, THEIR_ID).build());
    }

    // case 59
    @Test
    void theBitIsCleared() {
        ScriptedPeer peer = peer(EXTENDED);
        Message.Extended gone = dontHave(peer, 4);
        peer.send(new Message.Bitfield(PieceSet.of(PIECES, 3, 4, 5)), gone);

        assertThat(peer.wire().peerPieces()).isEqualTo(PieceSet.of(PIECES, 3, 5));
        peer.send(new Message.Have(4));
        assertThat(peer.wire().peerPieces()).isEqualTo(PieceSet.of(PIECES, 3, 4, 5));
        peer.dispose();
    }

    // case 59
    @Test
    void oursIsSentOnlyToAPeerThatListedIt() {
        ScriptedPeer listed = peer(EXTENDED);
        ScriptedPeer unlisted = peer(EXTENDED).sendHex("00000004 14 00 6465");
        ScriptedPeer plain = peer(Fixture.PLAIN);
        handshakeOf(listed);
        handshakeOf(unlisted);
        listed.send(listing());

        for (ScriptedPeer peer : List.of(listed, unlisted, plain)) {
            assertThat(Recorder.of(peer.wire().dontHave(4660)).hasCompleted()).isTrue();
        }

        MessageAssert.assertThat(listed.expect(Message.Extended.class)).isEncodedAs("00000006 14 07 00001234");
        listed.expectNothing().dispose();
        unlisted.expectNothing().dispose();
        plain.expectNothing().dispose();
    }

    // case 59
    @Test
    void oursRejectsWhatIsQueuedOfThePieceUnderFast() {
        ScriptedPeer peer = peer(Features.DEFAULT);
        handshakeOf(peer);
        peer.send(listing());
        List<BlockRequest> read = serveNothing(peer);
        peer.send(request(block(4, 0)), request(block(4, 1)), request(block(5, 0)));

        peer.wire().dontHave(4).subscribe();

        assertThat(read).hasSize(3);
        List<Message> sent = peer.received();
        assertThat(sent).contains(reject(block(4, 0)), reject(block(4, 1))).doesNotContain(reject(block(5, 0)));
        assertThat(sent).hasSize(3);
        assertThat(peer.wire().stats().uploadsQueued()).isEqualTo(1);
        peer.dispose();
    }

    // case 59
    @Test
    void oursDropsWhatIsQueuedOfThePieceWithoutFast() {
        ScriptedPeer peer = peer(EXTENDED);
        handshakeOf(peer);
        serveNothing(peer);
        peer.send(request(block(4, 0)), request(block(5, 0)));

        peer.wire().dontHave(4).subscribe();

        peer.expectNothing();
        assertThat(peer.wire().stats().uploadsQueued()).isEqualTo(1);
        peer.dispose();
    }

    private static List<BlockRequest> serveNothing(ScriptedPeer peer) {
        List<BlockRequest> read = new ArrayList<>();
        peer.wire().outbound().tryEmit(new Message.Unchoke());
        peer.wire()
                .blocks()
                .serve(block -> {
                    read.add(block);
                    return Mono.<ByteBuf>never();
                })
                .subscribe();
        peer.received();
        return read;
    }
}
