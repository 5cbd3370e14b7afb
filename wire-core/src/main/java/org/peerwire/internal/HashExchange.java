/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import java.util.HashSet;
import java.util.Set;
import org.peerwire.Ignored;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.message.HashRange;
import org.peerwire.message.Message;
import org.peerwire.message.MessageType;

/**
 * The messages of BEP 52, as far as they can be judged without a tree: what is asked of us has to be a range some tree could
 * have, and what comes has to be the answer to something the user asked for. The hashes themselves are the user's to verify.
 */
@EventLoopOnly
final class HashExchange {
    /** A tree of 2^63 leaves: no length of a file needs more. */
    private static final int MAX_LAYERS = 64;

    private static final int HASH_LENGTH = 32;

    private final int maxHashes;
    private final Oddities oddities;
    private final OutboundQueue outbound;
    /** Ours: the peer cannot make it grow. */
    private final Set<HashRange> asked = new HashSet<>();

    HashExchange(int maxHashes, Oddities oddities, OutboundQueue outbound) {
        this.maxHashes = maxHashes;
        this.oddities = oddities;
        this.outbound = outbound;
    }

    /** Notes what has been asked of the peer. */
    void onAsked(HashRange range) {
        asked.add(range);
    }

    /** Takes one of the three messages; false when it has been answered already. */
    boolean onMessage(Message message, long now) {
        if (message instanceof Message.HashRequest request && !isPlausible(request.range())) {
            oddities.ignore(Ignored.INVALID_HASH_REQUEST, MessageType.HASH_REQUEST.id(), now);
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

    /** Whether some tree could have the range, and we could answer it in one message. */
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
                    Reason.LENGTH, MessageType.HASHES.id(), came + " hashes, not " + expected + ", for " + range);
        }
    }

    private void requireAsked(HashRange range, MessageType said) {
        if (!asked.remove(range)) {
            throw new ProtocolException(Reason.UNEXPECTED, said.id(), said + " of what was not asked for: " + range);
        }
    }
}
