/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.peerwire.pex.Peers.peer;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.peerwire.LocalPeer;
import org.peerwire.Wire;
import org.peerwire.test.WirePair;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A peer at the other end of a real wire. The test chooses its messages and reads the messages sent to it. */
final class HolepunchPeer implements AutoCloseable {
    final WirePair pair;
    private final List<HolepunchMessage> told = new ArrayList<>();

    /** Creates a peer that has dialled us from an address. */
    HolepunchPeer(
            String address, LocalPeer theirs, LocalPeer ours, VirtualTimeScheduler time, Consumer<Wire> onOurEnd) {
        this(theirs, ours, time, builder -> builder.addresses(peer(address), Wires.SELF)
                .onResponder(onOurEnd));
    }

    HolepunchPeer(LocalPeer theirs, LocalPeer ours, VirtualTimeScheduler time, Consumer<WirePair.Builder> more) {
        WirePair.Builder builder = WirePair.builder(theirs, ours).clock(time);
        more.accept(builder);
        pair = builder.open();
        if (theirs.extensions().stream().anyMatch(UtHolepunch.class::isInstance)) {
            pair.initiator().extension(UtHolepunch.NAME).inbound().subscribe(this::hear);
        }
    }

    private void hear(ByteBuf payload) {
        told.add(HolepunchMessage.decode(payload, reason -> {}).orElseThrow());
    }

    /** Returns our end of the wire. */
    Wire ours() {
        return pair.responder();
    }

    void rendezvous(String target) {
        rendezvous(peer(target));
    }

    void rendezvous(InetSocketAddress target) {
        say(HolepunchMessage.rendezvous(target));
    }

    void say(HolepunchMessage message) {
        say(message.encode());
    }

    void say(ByteBuf payload) {
        pair.initiator().extension(UtHolepunch.NAME).send(payload).subscribe();
    }

    /** Returns the messages that the peer has received since the last call. */
    List<HolepunchMessage> takeTold() {
        List<HolepunchMessage> all = List.copyOf(told);
        told.clear();
        return all;
    }

    @Override
    public void close() {
        pair.dispose();
    }
}
