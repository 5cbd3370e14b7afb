/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.util.Map;

/**
 * The counters of one wire at one moment. They only grow, except rates, outstanding requests, queued uploads and held
 * bytes. All are final once the wire has ended.
 *
 * @param bytesIn all bytes received, including handshakes and those of {@link EncryptionPolicy}, but not those of TLS
 * @param bytesOut all bytes given to the socket, counted likewise
 * @param payloadIn bytes of requested blocks received ({@code downloaded} in bittorrent-protocol)
 * @param payloadOut bytes of blocks sent ({@code uploaded})
 * @param payloadInRate bytes of requested blocks received per second, over the last five seconds
 *     ({@code downloadSpeed})
 * @param payloadOutRate bytes of blocks sent per second, over the last five seconds ({@code uploadSpeed})
 * @param messagesIn messages received, including keep-alives
 * @param messagesOut messages sent
 * @param requestsOutstanding requests of this side without an answer
 * @param uploadsQueued requests of the peer whose block has not been read yet
 * @param uploadBytesHeld bytes of blocks that are being read from the source, or wait for the socket
 * @param wastedIn bytes of blocks received without an outstanding request
 * @param ignored the number of anomalies by kind, without zeros
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

    /** Returns the number of anomalies of a kind. */
    public long ignored(Ignored kind) {
        return ignored.getOrDefault(kind, 0L);
    }
}
