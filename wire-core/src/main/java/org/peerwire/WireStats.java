/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.util.Map;

/**
 * The facts of one wire at one moment; no policy. The counters only grow; rates, outstanding
 * requests, queued uploads and held bytes come and go. All are final once the wire has ended.
 *
 * @param bytesIn everything received, handshakes included, also those of {@link EncryptionPolicy}; TLS is not counted
 * @param bytesOut everything given to the socket, counted likewise
 * @param payloadIn bytes of blocks received that had been asked for (the originals' {@code downloaded})
 * @param payloadOut bytes of blocks sent ({@code uploaded})
 * @param payloadInRate bytes of blocks received per second, over the last five ({@code downloadSpeed})
 * @param payloadOutRate bytes of blocks sent per second, over the last five ({@code uploadSpeed})
 * @param messagesIn messages received, keep-alives included
 * @param messagesOut messages sent
 * @param requestsOutstanding requests of ours without an answer
 * @param uploadsQueued requests of the peer without an answer
 * @param uploadBytesHeld bytes of blocks read from the source and not yet written
 * @param wastedIn bytes of blocks received that nobody was waiting for any more
 * @param ignored how often the peer did something odd that is tolerated, by kind; kinds that never happened are absent
 */
public record WireStats(
        long bytesIn,
        long bytesOut,
        long payloadIn,
        long payloadOut,
        long payloadInRate,
        long payloadOutRate,
        long messagesIn,
        long messagesOut,
        long requestsOutstanding,
        long uploadsQueued,
        long uploadBytesHeld,
        long wastedIn,
        Map<Ignored, Long> ignored) {

    /** How often a kind of oddity was ignored. */
    public long ignored(Ignored kind) {
        return ignored.getOrDefault(kind, 0L);
    }
}
