/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetAddress;

/** A node that has answered us, as the table knows it. Times are those of the loop. */
final class Contact {
    /** The time after which a silent node is questionable (BEP 5). */
    static final long FRESH_MILLIS = 15 * 60_000;

    /** The failures in a row that make a node bad. */
    private static final int MAX_FAILURES = 2;

    final Node node;

    /** True if the id belongs to the address (BEP 42). */
    final boolean secure;

    private long lastReply;
    private long lastQuery = Long.MIN_VALUE / 2;
    private int failures;

    Contact(Node node, long now) {
        this.node = node;
        this.secure = SecureIds.isValid(node.id(), node.address().getAddress());
        this.lastReply = now;
    }

    InetAddress ip() {
        return node.address().getAddress();
    }

    void replied(long now) {
        lastReply = now;
        failures = 0;
    }

    void asked(long now) {
        lastQuery = now;
    }

    void failed() {
        failures++;
    }

    long lastSeen() {
        return Math.max(lastReply, lastQuery);
    }

    /** True if it has answered us of late. */
    boolean hasReplied(long now) {
        return failures == 0 && now - lastReply < FRESH_MILLIS;
    }

    /** True if it is worth telling others: it has answered, and it was seen of late. */
    boolean isGood(long now) {
        return failures == 0 && now - lastSeen() < FRESH_MILLIS;
    }

    boolean isBad() {
        return failures >= MAX_FAILURES;
    }
}
