/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import java.util.HashMap;
import java.util.Map;
import org.peerwire.Ignored;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.outbound.OutboundQueue;
import org.peerwire.internal.peer.Anomalies;
import org.peerwire.message.HashRange;
import org.peerwire.message.Message;
import org.peerwire.message.MessageType;

/**
 * Checks the hash messages of BEP 52, as far as possible without a tree: a request must name a range that some tree
 * has, and an answer must match a request of the user. The user verifies the hashes.
 */
@EventLoopOnly
public final class HashExchange {
    /** The layers of a tree with 2^63 leaves; no file needs more. */
    private static final int MAX_LAYERS = 64;

    private static final int HASH_LENGTH = 32;

    private final int maxHashes;
    private final Anomalies anomalies;
    private final OutboundQueue outbound;
    /** Requests of ours with their number, so the peer cannot make it grow. */
    private final Map<HashRange, Integer> asked = new HashMap<>();

    /** Creates an exchange without requests. */
    public HashExchange(int maxHashes, Anomalies anomalies, OutboundQueue outbound) {
        this.maxHashes = maxHashes;
        this.anomalies = anomalies;
        this.outbound = outbound;
    }

    /** Notes a request of ours that has been written. */
    public void onAsked(HashRange range) {
        asked.merge(range, 1, Integer::sum);
    }

    /**
     * Checks one of the three messages.
     *
     * @return false if it has been rejected and no subscriber may see it
     * @throws ProtocolException if it answers no request
     */
    public boolean onMessage(Message message) {
        if (message instanceof Message.HashRequest request && !isPlausible(request.range())) {
            anomalies.ignore(Ignored.INVALID_HASH_REQUEST, MessageType.HASH_REQUEST.id());
            outbound.answer(new Message.HashReject(request.range()));
            return false;
        }
        if (message instanceof Message.Hashes answer) {
            onHashes(answer);
        } else if (message instanceof Message.HashReject reject) {
            requireAsked(reject.range(), MessageType.HASH_REJECT);
        }
        return true;
    }

    /** Returns true if some tree has the range and one message can carry it. */
    private boolean isPlausible(HashRange range) {
        long base = Integer.toUnsignedLong(range.baseLayer());
        long proof = Integer.toUnsignedLong(range.proofLayers());
        int length = range.length();
        return length >= 2
                && length <= maxHashes
                && Integer.bitCount(length) == 1
                && Integer.remainderUnsigned(range.index(), length) == 0
                && base + Integer.numberOfTrailingZeros(length) < MAX_LAYERS
                && base + proof < MAX_LAYERS;
    }

    private void onHashes(Message.Hashes message) {
        HashRange range = message.range();
        requireAsked(range, MessageType.HASHES);
        int known = Integer.numberOfTrailingZeros(Integer.highestOneBit(range.length())) - 1;
        long expected = range.length() + Math.max(0L, Integer.toUnsignedLong(range.proofLayers()) - Math.max(0, known));
        int came = message.hashes().readableBytes() / HASH_LENGTH;
        if (came != expected) {
            throw new ProtocolException(
                    Reason.LENGTH,
                    MessageType.HASHES.id(),
                    came + " hashes for " + range + "; " + expected + " are accepted");
        }
    }

    private void requireAsked(HashRange range, MessageType said) {
        Integer times = asked.remove(range);
        if (times != null && times > 1) {
            asked.put(range, times - 1);
        } else if (times == null) {
            throw new ProtocolException(
                    Reason.UNEXPECTED, said.id(), said + " for a range that was not requested: " + range);
        }
    }
}
