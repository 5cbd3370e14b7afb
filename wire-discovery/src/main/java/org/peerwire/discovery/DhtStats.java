/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

/**
 * A snapshot of a {@link Dht}. Counters begin with the node.
 *
 * @param nodesV4 the number of nodes of IPv4 in the table that have not failed twice in a row
 * @param nodesV6 the number of such nodes of IPv6
 * @param lookups the number of lookups under way
 * @param pending the number of questions that wait for an answer, or for the rate limit
 * @param queriesSent the number of questions sent
 * @param answersReceived the number of answers received
 * @param errorsReceived the number of errors received instead of an answer
 * @param timeouts the number of questions without an answer
 * @param strayAnswers the number of answers to no question, or from another address than the asked one
 * @param queriesReceived the number of questions received
 * @param queriesAnswered the number of questions answered, with an answer or an error
 * @param queriesRefused the number of questions discarded because of a rate limit or a forbidden sender
 * @param malformed the number of datagrams that were no messages
 * @param torrents the number of torrents whose peers others have announced to us
 * @param peers the number of peers that others have announced to us
 */
public record DhtStats(
        int nodesV4,
        int nodesV6,
        int lookups,
        int pending,
        long queriesSent,
        long answersReceived,
        long errorsReceived,
        long timeouts,
        long strayAnswers,
        long queriesReceived,
        long queriesAnswered,
        long queriesRefused,
        long malformed,
        int torrents,
        int peers) {

    /** Returns the number of nodes in both tables. */
    public int nodes() {
        return nodesV4 + nodesV6;
    }
}
