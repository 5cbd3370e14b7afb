/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** Tells the closest nodes of a search that we are a peer (BEP 5). Those without a token are left out. */
final class Announcement {
    private final NodeId hash;
    private final Membership membership;
    private int waiting;
    private int accepted;

    Announcement(NodeId hash, Membership membership) {
        this.hash = hash;
        this.membership = membership;
    }

    private record Receiver(Side side, Node node, String token) {}

    /**
     * Sends the announcements of an ended search.
     *
     * @param onEnd called once with the number of nodes that have accepted
     */
    void send(Search search, IntConsumer onEnd) {
        List<Receiver> receivers = new ArrayList<>();
        for (Lookup lookup : search.lookups()) {
            for (Lookup.Answered answered : lookup.closest()) {
                if (answered.token() != null) {
                    receivers.add(new Receiver(lookup.side(), answered.node(), answered.token()));
                }
            }
        }
        waiting = receivers.size();
        if (waiting == 0) {
            onEnd.accept(0);
        }
        for (Receiver receiver : receivers) {
            Krpc.Ask ask = new Krpc.Ask.AnnouncePeer(hash, membership.port(), false, membership.seed(), receiver.token);
            receiver.side.ask(receiver.node.id(), receiver.node.address(), ask, new Queries.Outcome() {
                @Override
                public void replied(Krpc.Reply reply) {
                    accepted++;
                    ended(onEnd);
                }

                @Override
                public void failed() {
                    ended(onEnd);
                }
            });
        }
    }

    private void ended(IntConsumer onEnd) {
        if (--waiting == 0) {
            onEnd.accept(accepted);
        }
    }
}
