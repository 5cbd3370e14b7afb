/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

/** The counters of a node, confined to its loop. */
final class DhtCounters {
    long queriesSent;
    long answersReceived;
    long errorsReceived;
    long timeouts;
    long strayAnswers;
    long queriesReceived;
    long queriesAnswered;
    long queriesRefused;
    long malformed;
}
