/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.OTHER;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.peer;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.Features;
import org.peerwire.MessageSink;
import org.peerwire.PeerState;
import org.peerwire.Wire;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;

class PeerStateTest {
    private static final Features DHT = Features.of(Feature.DHT);

    // case 25
    @Test
    void bothEndsSeeEachChangeOnceAndOnlyChanges() {
        WirePair pair = WirePair.open(SELF, OTHER);
        Recorder<PeerState> here = Recorder.of(pair.initiator().states());
        Recorder<PeerState> there = Recorder.of(pair.responder().states());
        MessageSink ours = pair.initiator().outbound();
        MessageSink theirs = pair.responder().outbound();

        ours.tryEmit(new Message.Interested());
        ours.tryEmit(new Message.Interested());
        theirs.tryEmit(new Message.Unchoke());
        theirs.tryEmit(new Message.Unchoke());
        theirs.tryEmit(new Message.Choke());
        theirs.tryEmit(new Message.Choke());
        ours.tryEmit(new Message.NotInterested());
        ours.tryEmit(new Message.NotInterested());

        assertThat(here.values())
                .containsExactly(
                        new PeerState(true, false, true, false),
                        new PeerState(true, true, true, false),
                        new PeerState(true, true, false, false),
                        new PeerState(true, true, true, false),
                        new PeerState(true, false, true, false));
        assertThat(there.values())
                .containsExactly(
                        new PeerState(true, false, true, false),
                        new PeerState(true, false, true, true),
                        new PeerState(false, false, true, true),
                        new PeerState(true, false, true, true),
                        new PeerState(true, false, true, false));
        pair.dispose();
    }

    // case 25
    @Test
    void whatChangesNothingIsNotWritten() {
        ScriptedPeer peer = peer(PLAIN);
        MessageSink out = peer.wire().outbound();

        out.tryEmit(new Message.Choke());
        out.tryEmit(new Message.NotInterested());
        peer.expectNothing();
        out.tryEmit(new Message.Unchoke());
        out.tryEmit(new Message.Unchoke());
        out.tryEmit(new Message.Choke());

        assertThat(peer.received()).containsExactly(new Message.Unchoke(), new Message.Choke());
        peer.dispose();
    }

    @Test
    void aPeerThatRepeatsItselfRaisesNoSecondStateButItsMessagesAreShown() {
        ScriptedPeer peer = peer(PLAIN);
        Recorder<PeerState> states = Recorder.of(peer.wire().states());
        Recorder<Message> inbound = Recorder.of(peer.wire().inbound());

        peer.send(new Message.Unchoke(), new Message.Unchoke(), new Message.Interested(), new Message.Interested());

        assertThat(states.values())
                .containsExactly(
                        PeerState.INITIAL,
                        new PeerState(true, false, false, false),
                        new PeerState(true, false, false, true));
        assertThat(inbound.values()).hasSize(4);
        peer.dispose();
    }

    @Test
    void theStateIsTrueBeforeASubscriberSeesTheMessage() {
        ScriptedPeer peer = peer(PLAIN);
        Wire wire = peer.wire();
        List<Boolean> choked = new ArrayList<>();
        wire.inbound().subscribe(message -> choked.add(wire.state().peerChoking()));

        peer.send(new Message.Unchoke(), new Message.Choke(), new Message.Unchoke());

        assertThat(choked).containsExactly(false, true, false);
        peer.dispose();
    }

    @Test
    void aSubscriberOfTheStatesBeginsWithWhatHoldsNow() {
        ScriptedPeer peer = peer(PLAIN).send(new Message.Unchoke());

        Recorder<PeerState> late = Recorder.of(peer.wire().states());

        assertThat(late.values()).containsExactly(new PeerState(true, false, false, false));
        peer.dispose();
    }

    @Test
    void aSlowSubscriberOfTheStatesSkipsToTheLatest() {
        ScriptedPeer peer = peer(PLAIN);
        Recorder<PeerState> slow = Recorder.of(peer.wire().states(), 1);

        peer.send(new Message.Unchoke(), new Message.Interested(), new Message.Choke());
        slow.request(1);

        assertThat(slow.values()).containsExactly(PeerState.INITIAL, new PeerState(true, false, true, true));
        peer.dispose();
    }

    // case 28
    @Test
    void theEndOfAWireChokesItAndTellsTheListeners() {
        ScriptedPeer peer = peer(FAST).send(new Message.Unchoke(), new Message.Interested());
        Wire wire = peer.wire();
        wire.outbound().tryEmit(new Message.Interested());
        wire.outbound().tryEmit(new Message.Unchoke());
        Recorder<PeerState> states = Recorder.of(wire.states());

        peer.close();

        assertThat(states.values()).containsExactly(new PeerState(false, true, false, true), PeerState.INITIAL);
        assertThat(states.hasCompleted()).isTrue();
        assertThat(wire.state()).isEqualTo(PeerState.INITIAL);
        assertThat(Recorder.of(wire.states()).values()).containsExactly(PeerState.INITIAL);
    }
}
