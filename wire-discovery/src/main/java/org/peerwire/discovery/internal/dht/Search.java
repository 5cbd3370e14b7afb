/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The lookups of one target in all families. Each family tells the other one its nodes (BEP 32). Ends when all lookups
 * are idle, or by {@link #cancel()}. Confined to the loop.
 */
final class Search implements Lookup.Owner {

    /** The purpose of a search. Called on the loop. */
    interface Listener {
        /** Returns false while no further question may be sent. */
        default boolean mayAsk() {
            return true;
        }

        /** Takes an answer of a node. */
        default void answered(Krpc.Reply reply, InetSocketAddress from) {}

        /** Takes the end of a search that is not cancelled. */
        default void ended() {}

        /** Takes the end of the node, before that of the search. */
        default void closed() {}
    }

    private final Krpc.Ask question;
    private final Listener listener;
    private final List<Lookup> lookups = new ArrayList<>();
    private final Consumer<Search> onEnd;
    private boolean over;

    /**
     * Creates a search.
     *
     * @param onEnd called once, also after a cancellation
     */
    Search(Collection<Side> sides, NodeId target, Krpc.Ask question, Listener listener, Consumer<Search> onEnd) {
        this.question = question;
        this.listener = listener;
        this.onEnd = onEnd;
        for (Side side : sides) {
            Lookup lookup = new Lookup(side, target, this);
            side.table().closestOfAll(target, 2 * Lookup.CLOSEST).forEach(lookup::add);
            lookups.add(lookup);
        }
    }

    /** Adds a node that is not in the table. */
    void add(Node node) {
        Lookup lookup = of(Family.of(node.address()));
        if (lookup != null) {
            lookup.add(node);
        }
    }

    /** Adds a node whose id is unknown. */
    void add(InetSocketAddress address) {
        Lookup lookup = of(Family.of(address));
        if (lookup != null) {
            lookup.add(address);
        }
    }

    private @Nullable Lookup of(Family family) {
        for (Lookup lookup : lookups) {
            if (lookup.side().family() == family) {
                return lookup;
            }
        }
        return null;
    }

    /** Returns the closest nodes of a side that have answered. */
    List<Lookup> lookups() {
        return lookups;
    }

    /** Sends the next questions. Ends the search without any. */
    void proceed() {
        if (over) {
            return;
        }
        lookups.forEach(Lookup::proceed);
        if (!over && lookups.stream().allMatch(Lookup::isIdle)) {
            over = true;
            onEnd.accept(this);
            listener.ended();
        }
    }

    /** Ends the search. Its listener hears no more. */
    void cancel() {
        if (!over) {
            over = true;
            onEnd.accept(this);
        }
    }

    /** Ends the search with the node. */
    void close() {
        if (!over) {
            cancel();
            listener.closed();
        }
    }

    @Override
    public Krpc.Ask question() {
        return question;
    }

    @Override
    public boolean mayAsk() {
        return listener.mayAsk();
    }

    @Override
    public boolean isWanted() {
        return !over;
    }

    @Override
    public void answered(Krpc.Reply reply, InetSocketAddress from) {
        reply.facts().nodes().forEach(this::add);
        listener.answered(reply, from);
    }

    @Override
    public void progressed() {
        proceed();
    }
}
