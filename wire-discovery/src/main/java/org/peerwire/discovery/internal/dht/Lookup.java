/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The way to the nodes closest to a target, in one address family (BEP 5). Asks three nodes at a time, the closest
 * known ones first, and is idle when the eight closest that answer have answered.
 *
 * <p>Each network has one node in it, so that a machine with many ids does not crowd out the others. A node counts under
 * the id of its answer, whatever others said: they could hide it by a false one. The number of questions is limited: a
 * liar can name ever closer nodes.
 */
final class Lookup {
    /** The number of questions at a time: alpha. */
    static final int PARALLEL = 3;

    /** The number of closest nodes to find: k. */
    static final int CLOSEST = 8;

    /** The maximum number of questions. */
    static final int MAX_QUERIES = 128;

    /** The maximum number of nodes that are remembered. At the limit the most distant one leaves. */
    private static final int MAX_CANDIDATES = 256;

    /** The owner of lookups, of one or of both families. */
    interface Owner {
        /** Returns the question. */
        Krpc.Ask question();

        /** Returns false while no further question may be sent. */
        boolean mayAsk();

        /** Returns false when the lookup is over. */
        boolean isWanted();

        /** Takes an answer, before the nodes in it are asked. */
        void answered(Krpc.Reply reply, InetSocketAddress from);

        /** Takes notice that a question has ended. */
        void progressed();
    }

    /** A node to announce to: it has answered, with a token or without. */
    record Answered(Node node, @Nullable String token) {}

    private enum State {
        NEW,
        ASKED,
        SLOW,
        ANSWERED,
        FAILED
    }

    private static final class Candidate {
        final @Nullable NodeId id;
        final InetSocketAddress address;
        State state = State.NEW;

        @Nullable
        String token;

        Candidate(@Nullable NodeId id, InetSocketAddress address) {
            this.id = id;
            this.address = address;
        }
    }

    private final Side side;
    private final Owner owner;
    private final Comparator<NodeId> byDistance;
    private final TreeMap<NodeId, Candidate> candidates;

    /** Nodes whose id is unknown. They are asked first. */
    private final Deque<Candidate> unnamed = new ArrayDeque<>();

    private final Set<Object> places = new HashSet<>();
    private int inFlight;
    private int slow;
    private int queries;

    Lookup(Side side, NodeId target, Owner owner) {
        this.side = side;
        this.owner = owner;
        this.byDistance = target::compareDistance;
        this.candidates = new TreeMap<>(byDistance);
    }

    /** Adds a node whose id is unknown. */
    void add(InetSocketAddress address) {
        if (side.mayReach(address) && unnamed.size() < MAX_CANDIDATES && places.add(address)) {
            unnamed.add(new Candidate(null, address));
        }
    }

    /** Adds a node, unless it is ourselves, out of reach, or of a network that has its place. */
    void add(Node node) {
        if (node.id().equals(side.table().own())
                || !side.mayReach(node.address())
                || candidates.containsKey(node.id())
                || places.contains(side.place(node.address()))) {
            return;
        }
        if (candidates.size() >= MAX_CANDIDATES && !makeRoomFor(node.id())) {
            return;
        }
        places.add(side.place(node.address()));
        candidates.put(node.id(), new Candidate(node.id(), node.address()));
    }

    /** Removes the most distant candidate, unless it is closer. One that was asked is not asked again. */
    private boolean makeRoomFor(NodeId id) {
        for (var entry : candidates.descendingMap().entrySet()) {
            Candidate candidate = entry.getValue();
            if (byDistance.compare(id, entry.getKey()) > 0) {
                return false;
            }
            if (candidate.state != State.ASKED && candidate.state != State.SLOW) {
                candidates.remove(entry.getKey());
                if (candidate.state == State.NEW) {
                    places.remove(side.place(candidate.address));
                }
                return true;
            }
        }
        return false;
    }

    Side side() {
        return side;
    }

    /** Sends the next questions. */
    void proceed() {
        while (inFlight < PARALLEL && queries < MAX_QUERIES && owner.isWanted() && owner.mayAsk()) {
            Candidate next = unnamed.isEmpty() ? nextByDistance() : unnamed.remove();
            if (next == null) {
                return;
            }
            ask(next);
        }
    }

    /** Returns true if no question is left to be asked, or to be waited for. */
    boolean isIdle() {
        boolean more = queries < MAX_QUERIES && (!unnamed.isEmpty() || nextByDistance() != null);
        return !more && inFlight == 0 && (slow == 0 || answered() >= CLOSEST);
    }

    /** Returns the closest nodes that have answered. */
    List<Answered> closest() {
        List<Answered> closest = new ArrayList<>();
        for (var entry : candidates.entrySet()) {
            Candidate candidate = entry.getValue();
            if (candidate.state == State.ANSWERED && closest.size() < CLOSEST) {
                closest.add(new Answered(new Node(entry.getKey(), candidate.address), candidate.token));
            }
        }
        return closest;
    }

    /** Returns the closest node to ask, if it is among the closest ones. Slow nodes do not count: others may be faster. */
    private @Nullable Candidate nextByDistance() {
        int counted = 0;
        for (Candidate candidate : candidates.values()) {
            if (candidate.state == State.NEW) {
                return candidate;
            }
            if (candidate.state != State.FAILED && candidate.state != State.SLOW && ++counted == CLOSEST) {
                return null;
            }
        }
        return null;
    }

    private int answered() {
        int answered = 0;
        for (Candidate candidate : candidates.values()) {
            answered += candidate.state == State.ANSWERED ? 1 : 0;
        }
        return answered;
    }

    private void ask(Candidate candidate) {
        candidate.state = State.ASKED;
        inFlight++;
        queries++;
        side.ask(candidate.id, candidate.address, owner.question(), new Queries.Outcome() {
            @Override
            public boolean isWanted() {
                return owner.isWanted();
            }

            @Override
            public void replied(Krpc.Reply reply) {
                leave(candidate);
                if (owner.isWanted()) {
                    Lookup.this.replied(candidate, reply);
                    owner.progressed();
                }
            }

            @Override
            public void slow() {
                inFlight--;
                slow++;
                candidate.state = State.SLOW;
                owner.progressed();
            }

            @Override
            public void failed() {
                leave(candidate);
                candidate.state = State.FAILED;
                owner.progressed();
            }
        });
    }

    private void leave(Candidate candidate) {
        if (candidate.state == State.SLOW) {
            slow--;
        } else {
            inFlight--;
        }
    }

    private void replied(Candidate candidate, Krpc.Reply reply) {
        Candidate answered = candidate;
        if (reply.id().equals(side.table().own())) {
            candidate.state = State.FAILED;
            return;
        }
        if (!reply.id().equals(candidate.id)) {
            if (candidate.id != null) {
                candidates.remove(candidate.id, candidate);
            }
            answered = new Candidate(reply.id(), candidate.address);
            candidates.putIfAbsent(reply.id(), answered);
        }
        answered.state = State.ANSWERED;
        answered.token = reply.facts().token();
        owner.answered(reply, candidate.address);
    }
}
