/* SPDX-License-Identifier: MIT */
package org.peerwire.bencode;

import io.netty.buffer.ByteBuf;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.bencode.Bencode.SoftError;
import org.peerwire.bencode.BencodeException.Reason;

/**
 * A scanner that validates the value at the start of a buffer and finds its end, so that {@link BencodeValue} can read
 * the bytes without checks. It does not recurse and allocates one frame for each open container.
 */
final class BencodeScanner {
    private static final long TOO_LARGE = 1;

    private final ByteBuf input;
    private final int start;
    private final int end;
    private final BencodeLimits limits;
    private final boolean strict;
    private final Set<SoftError> softErrors = EnumSet.noneOf(SoftError.class);

    private int at;
    private int tokens;
    private @Nullable Frame innermost;

    BencodeScanner(ByteBuf input, BencodeLimits limits, boolean strict) {
        this.input = input;
        this.start = input.readerIndex();
        this.end = input.writerIndex();
        this.limits = limits;
        this.strict = strict;
        this.at = start;
    }

    /** Returns the length of the value. Does not change the indices of the buffer. */
    int scan() {
        do {
            step();
        } while (innermost != null);
        return at - start;
    }

    Set<SoftError> softErrors() {
        return softErrors;
    }

    private void step() {
        byte next = peek();
        Frame frame = innermost;
        if (next == 'e' && frame != null) {
            close(frame);
            return;
        }
        if (tokens++ == limits.maxTokens()) {
            throw error(Reason.TOKENS, at, "more than " + limits.maxTokens() + " tokens");
        }
        if (frame != null && frame.dictionary && !frame.valueIsNext) {
            key(frame);
            return;
        }
        if (frame != null) {
            frame.valueIsNext = false;
        }
        switch (next) {
            case 'i' -> integer();
            case 'l', 'd' -> open(next == 'd');
            default -> string();
        }
    }

    private void open(boolean dictionary) {
        int depth = innermost == null ? 1 : innermost.depth + 1;
        if (depth > limits.maxDepth()) {
            throw error(Reason.DEPTH, at, "deeper than " + limits.maxDepth() + " levels");
        }
        innermost = new Frame(innermost, dictionary, depth);
        at++;
    }

    private void close(Frame frame) {
        if (frame.valueIsNext) {
            throw error(Reason.SYNTAX, at, "a dictionary key without a value");
        }
        innermost = frame.parent;
        at++;
    }

    private void key(Frame frame) {
        int keyAt = at;
        if (!isDigit(peek())) {
            throw error(Reason.SYNTAX, at, "a dictionary key must be a string, was " + found());
        }
        int keyStart = string();
        if (frame.keyStart >= 0) {
            int order = compare(frame.keyStart, frame.keyEnd, keyStart, at);
            if (order >= 0) {
                tolerate(order == 0 ? SoftError.DUPLICATE_KEY : SoftError.UNSORTED_KEYS, keyAt);
            }
        }
        frame.keyStart = keyStart;
        frame.keyEnd = at;
        frame.valueIsNext = true;
    }

    private void integer() {
        int integerAt = at++;
        boolean negative = peek() == '-';
        if (negative) {
            at++;
        }
        long negated = negatedNumber();
        if (negative && negated == 0) {
            tolerate(SoftError.NEGATIVE_ZERO, integerAt);
        } else if (negated == TOO_LARGE || (!negative && negated == Long.MIN_VALUE)) {
            tolerate(SoftError.INTEGER_OVERFLOW, integerAt);
        }
        expect('e');
    }

    /** Reads a string and returns the index of its first byte. */
    private int string() {
        int stringAt = at;
        long negatedLength = negatedNumber();
        expect(':');
        int available = end - at;
        if (negatedLength == TOO_LARGE || negatedLength == Long.MIN_VALUE) {
            throw error(Reason.OVERFLOW, stringAt, "a string length must fit into 64 bits");
        }
        if (-negatedLength > available) {
            throw error(
                    Reason.TRUNCATED, at, "a string of " + -negatedLength + " bytes, only " + available + " are left");
        }
        int bytesAt = at;
        at += (int) -negatedLength;
        return bytesAt;
    }

    /**
     * Returns the negated value of digits. Negative, because {@code long} has one more negative value than positive
     * ones. {@link #TOO_LARGE}, the only positive result, is a number that needs more than 64 bits.
     */
    private long negatedNumber() {
        int first = at;
        long value = 0;
        while (isDigit(peek())) {
            int digit = input.getByte(at) - '0';
            boolean fits = value != TOO_LARGE && value >= (Long.MIN_VALUE + digit) / 10;
            value = fits ? value * 10 - digit : TOO_LARGE;
            at++;
        }
        if (at == first) {
            throw error(Reason.SYNTAX, at, "a value or digit is required, was " + found());
        }
        if (at - first > 1 && input.getByte(first) == '0') {
            tolerate(SoftError.LEADING_ZERO, first);
        }
        return value;
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw error(Reason.SYNTAX, at, "'" + wanted + "' is required, was " + found());
        }
        at++;
    }

    private byte peek() {
        if (at == end) {
            throw error(Reason.TRUNCATED, at, "the input ends inside a value");
        }
        return input.getByte(at);
    }

    private int compare(int left, int leftEnd, int right, int rightEnd) {
        int common = Math.min(leftEnd - left, rightEnd - right);
        for (int i = 0; i < common; i++) {
            int order = input.getUnsignedByte(left + i) - input.getUnsignedByte(right + i);
            if (order != 0) {
                return order;
            }
        }
        return (leftEnd - left) - (rightEnd - right);
    }

    private void tolerate(SoftError softError, int where) {
        if (strict) {
            throw error(
                    Reason.NOT_CANONICAL,
                    where,
                    softError.name().toLowerCase(Locale.ROOT).replace('_', ' '));
        }
        softErrors.add(softError);
    }

    private BencodeException error(Reason reason, int where, String detail) {
        return new BencodeException(reason, where - start, detail);
    }

    private String found() {
        int octet = input.getUnsignedByte(at);
        return octet > ' ' && octet < 0x7f ? "'" + (char) octet + "'" : String.format("0x%02x", octet);
    }

    private static boolean isDigit(byte octet) {
        return octet >= '0' && octet <= '9';
    }

    /** An open list or dictionary. */
    private static final class Frame {
        final @Nullable Frame parent;
        final boolean dictionary;
        final int depth;
        boolean valueIsNext;
        int keyStart = -1;
        int keyEnd;

        Frame(@Nullable Frame parent, boolean dictionary, int depth) {
            this.parent = parent;
            this.dictionary = dictionary;
            this.depth = depth;
        }
    }
}
