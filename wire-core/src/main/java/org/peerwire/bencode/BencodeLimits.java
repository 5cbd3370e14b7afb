/* SPDX-License-Identifier: MIT */
package org.peerwire.bencode;

/**
 * How much structure a decoder accepts before it gives up. The bytes are bounded by the input itself.
 *
 * @param maxDepth lists and dictionaries inside each other, from 0 (a lone integer or string); walking a value
 *     from its root to its leaves takes at most its bytes times its depth in steps
 * @param maxTokens integers, strings, keys, lists and dictionaries in total, from 1
 */
public record BencodeLimits(int maxDepth, int maxTokens) {

    /** What a message of a peer may have: depth 32, 4,096 tokens. */
    public static final BencodeLimits DEFAULT = new BencodeLimits(32, 4096);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code maxDepth} is negative or {@code maxTokens} is not positive
     */
    public BencodeLimits {
        if (maxDepth < 0) {
            throw new IllegalArgumentException("maxDepth must be 0 or more, was " + maxDepth);
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens must be 1 or more, was " + maxTokens);
        }
    }

    /** These limits with another depth. */
    public BencodeLimits withMaxDepth(int maxDepth) {
        return new BencodeLimits(maxDepth, maxTokens);
    }

    /** These limits with another number of tokens; a torrent file can have 2,000,000. */
    public BencodeLimits withMaxTokens(int maxTokens) {
        return new BencodeLimits(maxDepth, maxTokens);
    }
}
