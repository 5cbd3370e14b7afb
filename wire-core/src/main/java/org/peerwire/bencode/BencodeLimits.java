/* SPDX-License-Identifier: MIT */
package org.peerwire.bencode;

/**
 * The maximum structure that a decoder accepts. The input itself limits the bytes.
 *
 * @param maxDepth the maximum nesting of lists and dictionaries, 0 or more; with 0 only integers and strings are
 *     accepted. To visit all parts of a value takes at most its length times its depth in steps
 * @param maxTokens the maximum number of integers, strings, keys, lists and dictionaries together, 1 or more
 */
public record BencodeLimits(int maxDepth, int maxTokens) {

    /** The limits for messages of a peer: depth 32, 4,096 tokens. */
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

    /** Returns these limits with another depth. */
    public BencodeLimits withMaxDepth(int maxDepth) {
        return new BencodeLimits(maxDepth, maxTokens);
    }

    /** Returns these limits with another number of tokens. A torrent file can have 2,000,000. */
    public BencodeLimits withMaxTokens(int maxTokens) {
        return new BencodeLimits(maxDepth, maxTokens);
    }
}
