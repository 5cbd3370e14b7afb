/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.PeerState;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.test.WirePair;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The snippets of the chapter "A wire". */
class ConversationTest {
    private final InfoHash torrent = InfoHash.parse("0123456789abcdef0123456789abcdef01234567");
    private final LocalPeer seed =
            LocalPeer.of(torrent, PeerId.random()).withShape(TorrentShape.of(10 * 16_384, 16_384));
    private final LocalPeer leech =
            LocalPeer.of(torrent, PeerId.random()).withShape(TorrentShape.of(10 * 16_384, 16_384));

    @Test
    void messagesAreReadFromOneFluxAndSentToOneSink() {
        WirePair pair = WirePair.open(leech, seed);
        List<Integer> gained = new ArrayList<>();

        Disposable reading = haves(pair.initiator()).subscribe(gained::add);
        pair.responder().outbound().send(new Message.Have(7)).subscribe();

        assertThat(gained).containsExactly(7);
        reading.dispose();
        pair.dispose();
    }

    // tag::inbound[]
    Flux<Integer> haves(Wire wire) {
        return wire.inbound().ofType(Message.Have.class).map(Message.Have::piece);
    }
    // end::inbound[]

    @Test
    void aLeechIsInterestedAsSoonAsThePeerHasAPieceThatItLacks() {
        WirePair pair = WirePair.open(leech, seed);
        List<PeerState> states = new ArrayList<>();
        pair.responder().states().subscribe(states::add);

        showInterest(pair.initiator(), PieceSet.none(10)).subscribe();
        pair.responder().announce(PieceSet.all(10)).subscribe();

        assertThat(states).last().matches(PeerState::peerInterested);
        pair.dispose();
    }

    // tag::interest[]
    Mono<Void> showInterest(Wire wire, PieceSet mine) {
        return wire.inbound()
                .filter(message -> wire.peerPieces().stream().anyMatch(piece -> !mine.contains(piece)))
                .next()
                .flatMap(first -> wire.outbound().send(new Message.Interested()));
    }
    // end::interest[]
}
