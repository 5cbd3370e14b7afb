/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.discovery.DhtEvent;
import org.peerwire.discovery.internal.net.LocalNetworks;

/** The part of a node in one address family (BEP 32): its socket, its id, and the nodes that it knows. */
final class Side {
    /** The maximum number of pings at a time that find out whether a stranger, or a silent contact, answers. */
    private static final int MAX_PINGS = 64;

    private final Shared shared;
    private final Family family;
    private final Datagrams.Socket socket;
    private final Queries queries;
    private final ExternalAddress external;
    private final Set<InetSocketAddress> pinged = new HashSet<>();
    private RoutingTable table;

    Side(Shared shared, Family family, Datagrams.Socket socket, NodeId own) {
        this.shared = shared;
        this.family = family;
        this.socket = socket;
        this.external = new ExternalAddress(family);
        this.table = newTable(own);
        this.queries = new Queries(shared.loop(), shared.random(), shared.rateOut(), shared.counters(), this::send);
    }

    private RoutingTable newTable(NodeId own) {
        return new RoutingTable(own, family, shared.options().allowLocal(), shared.loop()::now);
    }

    Family family() {
        return family;
    }

    RoutingTable table() {
        return table;
    }

    Datagrams.Socket socket() {
        return socket;
    }

    @Nullable
    InetAddress externalAddress() {
        return external.known();
    }

    int pending() {
        return queries.pending();
    }

    /** Returns false for an address that no stranger may make us send to. */
    boolean mayReach(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        return address.getPort() != 0
                && Family.of(ip) == family
                && !ip.isMulticastAddress()
                && !ip.isAnyLocalAddress()
                && (shared.options().allowLocal() || !LocalNetworks.contains(ip));
    }

    /** Returns the key of which a lookup asks one node: the network, or the address itself if local ones are allowed. */
    Object place(InetSocketAddress address) {
        return shared.options().allowLocal() ? address : (Object) family.network(address.getAddress());
    }

    private void send(Queries.Query query, InetSocketAddress to) {
        boolean readOnly = shared.options().readOnly();
        socket.send(KrpcWriter.write(new Krpc.Query(query.transaction(), table.own(), readOnly, query.ask())), to);
    }

    /**
     * Asks a node, and tells the table what becomes of it.
     *
     * @param id the id that it should have, or null
     */
    void ask(@Nullable NodeId id, InetSocketAddress to, Krpc.Ask ask, Queries.Outcome outcome) {
        queries.ask(to, ask, new Queries.Outcome() {
            @Override
            public boolean isWanted() {
                return outcome.isWanted();
            }

            @Override
            public void replied(Krpc.Reply reply) {
                answered(reply, to);
                outcome.replied(reply);
            }

            @Override
            public void slow() {
                outcome.slow();
            }

            @Override
            public void refused() {
                outcome.refused();
            }

            @Override
            public void failed() {
                table.failed(to);
                outcome.failed();
            }
        });
    }

    private void answered(Krpc.Reply reply, InetSocketAddress from) {
        Contact questionable = table.answered(new Node(reply.id(), from));
        if (questionable != null) {
            check(questionable);
        }
        if (reply.you() != null) {
            InetAddress changed = external.vote(from, reply.you());
            if (changed != null) {
                moved(changed);
            }
        }
    }

    /** Takes an id that belongs to our address, if ours does not (BEP 42). */
    private void moved(InetAddress address) {
        shared.events().emit(new DhtEvent.ExternalAddress(address));
        if (!SecureIds.isValid(table.own(), address)) {
            RoutingTable old = table;
            table = newTable(SecureIds.create(address, shared.random()));
            old.contacts().forEach(contact -> table.answered(contact.node));
            shared.host().renamed(this);
        }
    }

    /** Pings a contact until it has answered or is bad. */
    private void check(Contact contact) {
        ping(contact.node.address(), () -> {
            if (!contact.isBad()) {
                check(contact);
            }
        });
    }

    /** Pings an address that could be a node. Beyond a number of pings at a time it is forgotten. */
    void learn(InetSocketAddress address) {
        if (mayReach(address)) {
            ping(address, () -> {});
        }
    }

    private void ping(InetSocketAddress address, Runnable onFailure) {
        if (pinged.size() >= MAX_PINGS || !pinged.add(address)) {
            return;
        }
        ask(null, address, new Krpc.Ask.Ping(), new Queries.Outcome() {
            @Override
            public void replied(Krpc.Reply reply) {
                pinged.remove(address);
            }

            @Override
            public void refused() {
                pinged.remove(address);
            }

            @Override
            public void failed() {
                pinged.remove(address);
                if (shared.host().isRunning()) {
                    onFailure.run();
                }
            }
        });
    }

    /** Takes a datagram. */
    void received(byte[] packet, InetSocketAddress from) {
        if (!shared.host().isRunning()
                || from.getAddress() == null
                || Family.of(from) != family
                || from.getPort() == 0) {
            return;
        }
        Krpc message = KrpcReader.read(packet);
        if (message == null) {
            shared.counters().malformed++;
        } else if (message instanceof Krpc.Reply || message instanceof Krpc.Failure) {
            queries.received(message, from);
        } else if (!shared.options().readOnly()) {
            asked(message, packet.length, from);
        }
    }

    private void asked(Krpc message, int length, InetSocketAddress from) {
        DhtCounters counters = shared.counters();
        counters.queriesReceived++;
        Object asking = shared.options().allowLocal()
                ? from
                : family == Family.SIX ? (Object) family.network(from.getAddress()) : from.getAddress();
        if (!mayReach(from) || !shared.rateIn().take(asking, shared.loop().now())) {
            counters.queriesRefused++;
            return;
        }
        byte @Nullable [] answer = message instanceof Krpc.Query query
                ? shared.server().answer(query, table.own(), from, length, table.isProven(from), shared.host()::closest)
                : shared.server().answer((Krpc.BadQuery) message, length);
        if (answer != null) {
            counters.queriesAnswered++;
            socket.send(answer, from);
        }
        if (message instanceof Krpc.Query query && !query.readOnly() && table.asked(new Node(query.id(), from))) {
            learn(from);
        }
    }

    void close() {
        queries.close();
    }
}
