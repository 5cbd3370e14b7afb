/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.Features;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;

class AnnounceTest {
    private static final PieceSet SOME = PieceSet.of(10, 0, 2, 9);

    static List<Arguments> forms() {
        return List.of(
                Arguments.of(Features.DEFAULT, PieceSet.all(10), List.of(new Message.HaveAll())),
                Arguments.of(Features.DEFAULT, PieceSet.none(10), List.of(new Message.HaveNone())),
                Arguments.of(Features.DEFAULT, PieceSet.empty(), List.of(new Message.HaveNone())),
                Arguments.of(Features.DEFAULT, SOME, List.of(new Message.Bitfield(SOME))),
                Arguments.of(Features.NONE, PieceSet.all(10), List.of(new Message.Bitfield(PieceSet.all(10)))),
                Arguments.of(Features.NONE, SOME, List.of(new Message.Bitfield(SOME))),
                Arguments.of(Features.NONE, PieceSet.none(10), List.of()));
    }

    // case 54: a seed under Fast says have-all and never a bitfield
    @ParameterizedTest
    @MethodSource("forms")
    void theShortestFormBothSpeakIsSent(Features theirs, PieceSet ours, List<Message> expected) {
        ScriptedPeer peer = ScriptedPeer.dialledBy(Peers.alice()).handshake(theirs);
        peer.received();

        peer.wire().announce(ours).subscribe();

        assertThat(peer.received()).isEqualTo(expected);
        peer.dispose();
    }
}
