/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.peerwire.discovery.internal.net.LocalNetworks;

/**
 * The nodes that have answered us, by distance from our id (BEP 5). Bucket {@code i} has the ids that share exactly
 * {@code i} bits with ours; the last one has all closer ids, and only it is split.
 *
 * <p>An IP address has one place in the table, and a network one place in a bucket, so that nobody fills it with a few
 * machines. Only an answer to a question of ours makes a contact: a question may have a forged sender.
 */
final class RoutingTable {
    private final NodeId own;
    private final Family family;
    private final boolean allowLocal;
    private final LongSupplier clock;
    private final List<Bucket> buckets = new ArrayList<>();

    /** All contacts, by IP address; by IP address and port if local ones are allowed. */
    private final Map<Object, Contact> places = new HashMap<>();

    RoutingTable(NodeId own, Family family, boolean allowLocal, LongSupplier clock) {
        this.own = own;
        this.family = family;
        this.allowLocal = allowLocal;
        this.clock = clock;
        buckets.add(new Bucket(clock.getAsLong()));
    }

    NodeId own() {
        return own;
    }

    /** Returns the number of contacts that are neither spare nor bad. */
    int size() {
        int size = 0;
        for (Bucket bucket : buckets) {
            for (Contact contact : bucket.live) {
                size += contact.isBad() ? 0 : 1;
            }
        }
        return size;
    }

    /** Returns all contacts that are not spare, also bad ones, the most distant first. */
    List<Contact> contacts() {
        List<Contact> all = new ArrayList<>();
        buckets.forEach(bucket -> all.addAll(bucket.live));
        return all;
    }

    /**
     * Notes that a node has answered us.
     *
     * @return a questionable contact that the node could replace if it does not answer a ping, or null
     */
    @Nullable
    Contact answered(Node node) {
        if (!isAcceptable(node)) {
            return null;
        }
        long now = clock.getAsLong();
        Contact known = places.get(place(node.address()));
        if (known != null && known.node.equals(node)) {
            known.replied(now);
            bucketOf(node.id()).lastChange = now;
            return null;
        }
        if (known != null) {
            if (!known.node.address().equals(node.address()) && !known.isBad()) {
                return null; // another port of a machine that has its place
            }
            remove(known);
        }
        return insert(new Contact(node, now), now);
    }

    private boolean isAcceptable(Node node) {
        return !node.id().equals(own)
                && node.address().getPort() != 0
                && (allowLocal || !LocalNetworks.contains(node.address().getAddress()));
    }

    /** Notes that a node has asked us. Returns true if a ping should find out whether it answers as well. */
    boolean asked(Node node) {
        if (!isAcceptable(node)) {
            return false;
        }
        Contact known = places.get(place(node.address()));
        if (known != null) {
            if (known.node.equals(node)) {
                known.asked(clock.getAsLong());
            }
            return false;
        }
        Bucket bucket = bucketOf(node.id());
        return !bucket.isFull() || mayBeSplit(bucket) || bucket.worst(false) != null;
    }

    private @Nullable Contact insert(Contact contact, long now) {
        Bucket bucket = bucketOf(contact.node.id());
        while (bucket.isFull() && mayBeSplit(bucket)) {
            split(now);
            bucket = bucketOf(contact.node.id());
        }
        NodeId id = contact.node.id();
        Contact rival = bucket.find(other -> other.node.id().equals(id) || isSameNetwork(other, contact));
        if (rival != null && !rival.isBad()) {
            return null;
        }
        if (rival != null) {
            remove(rival);
        }
        Contact worst = bucket.isFull() ? bucket.worst(contact.secure) : null;
        if (worst != null) {
            remove(worst);
        }
        places.put(place(contact.node.address()), contact);
        if (!bucket.isFull()) {
            bucket.live.add(contact);
            bucket.lastChange = now;
            return null;
        }
        bucket.spare.add(contact);
        if (bucket.spare.size() > Bucket.SIZE) {
            remove(bucket.spare.get(0));
        }
        return bucket.questionable(now);
    }

    /** Notes that a node has not answered. A spare contact takes the place of a bad one. */
    void failed(InetSocketAddress address) {
        Contact contact = places.get(place(address));
        if (contact == null || !contact.node.address().equals(address)) {
            return;
        }
        contact.failed();
        Bucket bucket = bucketOf(contact.node.id());
        if (contact.isBad() && bucket.spare.contains(contact)) {
            remove(contact);
        } else if (contact.isBad() && !bucket.spare.isEmpty()) {
            remove(contact);
            bucket.live.add(bucket.spare.remove(bucket.spare.size() - 1));
            bucket.lastChange = clock.getAsLong();
        }
    }

    /** Returns true if an address has answered us of late: then it is no forged one. A question of it proves nothing. */
    boolean isProven(InetSocketAddress address) {
        Contact contact = places.get(place(address));
        return contact != null && contact.node.address().equals(address) && contact.hasReplied(clock.getAsLong());
    }

    /** Returns the good contacts closest to a target, at most {@code max}, the closest first. */
    List<Node> closest(NodeId target, int max) {
        long now = clock.getAsLong();
        return closest(target, max, contact -> contact.isGood(now));
    }

    /** Returns the contacts that are not bad and closest to a target, at most {@code max}, the closest first. */
    List<Node> closestOfAll(NodeId target, int max) {
        return closest(target, max, contact -> !contact.isBad());
    }

    private List<Node> closest(NodeId target, int max, Predicate<Contact> wanted) {
        List<Node> result = new ArrayList<>(max);
        int index = indexOf(target);
        collect(index, index, target, max, wanted, result);
        // All of the deeper buckets differ from the target in the same bit: only together they have an order.
        collect(index + 1, buckets.size() - 1, target, max, wanted, result);
        for (int i = index - 1; i >= 0 && result.size() < max; i--) {
            collect(i, i, target, max, wanted, result);
        }
        return result;
    }

    private void collect(int first, int last, NodeId target, int max, Predicate<Contact> wanted, List<Node> result) {
        if (result.size() >= max) {
            return;
        }
        List<Node> part = new ArrayList<>();
        for (int i = first; i <= last; i++) {
            for (Contact contact : buckets.get(i).live) {
                if (wanted.test(contact)) {
                    part.add(contact.node);
                }
            }
        }
        part.sort((one, two) -> target.compareDistance(one.id(), two.id()));
        result.addAll(part.subList(0, Math.min(part.size(), max - result.size())));
    }

    /** Returns a random id in each bucket that has not changed for 15 minutes, and begins its time again (BEP 5). */
    List<NodeId> stale(RandomGenerator random) {
        long now = clock.getAsLong();
        List<NodeId> targets = new ArrayList<>();
        for (int i = 0; i < buckets.size(); i++) {
            Bucket bucket = buckets.get(i);
            if (now - bucket.lastChange >= Contact.FRESH_MILLIS) {
                bucket.lastChange = now;
                targets.add(own.randomNeighbour(i, random));
            }
        }
        return targets;
    }

    private boolean mayBeSplit(Bucket bucket) {
        return bucket == buckets.get(buckets.size() - 1) && buckets.size() < NodeId.BITS;
    }

    private void split(long now) {
        int index = buckets.size() - 1;
        Bucket old = buckets.get(index);
        Bucket closer = new Bucket(now);
        buckets.add(closer);
        for (Contact contact : List.copyOf(old.live)) {
            if (own.commonPrefix(contact.node.id()) > index) {
                old.live.remove(contact);
                closer.live.add(contact);
            }
        }
    }

    private void remove(Contact contact) {
        places.remove(place(contact.node.address()), contact);
        Bucket bucket = bucketOf(contact.node.id());
        if (!bucket.live.remove(contact)) {
            bucket.spare.remove(contact);
        }
    }

    private boolean isSameNetwork(Contact one, Contact two) {
        return !allowLocal && family.network(one.ip()) == family.network(two.ip());
    }

    private Object place(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        return allowLocal ? address : ip;
    }

    private Bucket bucketOf(NodeId id) {
        return buckets.get(indexOf(id));
    }

    private int indexOf(NodeId id) {
        return Math.min(own.commonPrefix(id), buckets.size() - 1);
    }
}
