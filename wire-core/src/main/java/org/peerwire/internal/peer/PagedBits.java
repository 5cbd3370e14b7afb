/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.peer;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.peerwire.internal.loop.EventLoopOnly;

/**
 * A bit set that is changed on the event loop and read on any thread. A page is allocated when one of its bits is set,
 * so a single large index costs at most one page of 16 KiB.
 */
final class PagedBits {
    private static final int PAGE_SHIFT = 17;
    private static final int PAGE_MASK = (1 << PAGE_SHIFT) - 1;

    private final int capacity;
    private final AtomicReferenceArray<@Nullable AtomicIntegerArray> pages;

    /** Creates a set without bits; indexes are below {@code capacity}. */
    PagedBits(int capacity) {
        this.capacity = capacity;
        this.pages = new AtomicReferenceArray<>((int) ((capacity + (long) PAGE_MASK) >> PAGE_SHIFT));
    }

    /** Returns true if a bit is set; false for an index outside of the capacity. */
    boolean get(int index) {
        if (index < 0 || index >= capacity) {
            return false;
        }
        AtomicIntegerArray page = pages.get(index >> PAGE_SHIFT);
        return page != null && (page.get((index & PAGE_MASK) >> 5) & (1 << (index & 31))) != 0;
    }

    /** Returns 32 bits, beginning with bit {@code 32 * index} as the lowest. */
    int word(int index) {
        int page = index >> (PAGE_SHIFT - 5);
        AtomicIntegerArray words = page < pages.length() ? pages.get(page) : null;
        int word = index & (PAGE_MASK >> 5);
        return words != null && word < words.length() ? words.get(word) : 0;
    }

    @EventLoopOnly
    void set(int index) {
        AtomicIntegerArray page = pages.getPlain(index >> PAGE_SHIFT);
        if (page == null) {
            long bits = Math.min(1L << PAGE_SHIFT, (long) capacity - (index & ~PAGE_MASK));
            page = new AtomicIntegerArray((int) ((bits + 31) >> 5));
            pages.set(index >> PAGE_SHIFT, page);
        }
        int word = (index & PAGE_MASK) >> 5;
        page.lazySet(word, page.getPlain(word) | 1 << (index & 31));
    }

    @EventLoopOnly
    void clear(int index) {
        AtomicIntegerArray page = pages.getPlain(index >> PAGE_SHIFT);
        if (page != null) {
            int word = (index & PAGE_MASK) >> 5;
            page.lazySet(word, page.getPlain(word) & ~(1 << (index & 31)));
        }
    }

    /** Returns the highest index that is set, or −1. */
    int highest() {
        for (int at = pages.length() - 1; at >= 0; at--) {
            AtomicIntegerArray page = pages.get(at);
            for (int word = page == null ? -1 : page.length() - 1; page != null && word >= 0; word--) {
                int bits = page.get(word);
                if (bits != 0) {
                    return (at << PAGE_SHIFT) + (word << 5) + 31 - Integer.numberOfLeadingZeros(bits);
                }
            }
        }
        return -1;
    }
}
