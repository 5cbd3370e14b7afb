/* SPDX-License-Identifier: MIT */
package org.peerwire.bencode;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;

/**
 * The lossless conversion between byte strings and text. Text is UTF-8, and a malformed byte {@code b} becomes the lone
 * surrogate {@code U+DC00 + b}, which UTF-8 never decodes to (the "surrogateescape" of Python's PEP 383).
 */
final class KeyText {
    private static final int ESCAPE = 0xdc00;

    private KeyText() {}

    static String decode(byte[] bytes, int from, int to) {
        CharsetDecoder decoder = UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from);
        CharBuffer out = CharBuffer.allocate(to - from);
        while (decoder.decode(in, out, true).isError()) {
            out.put((char) (ESCAPE + (in.get() & 0xff)));
        }
        return out.flip().toString();
    }

    static byte[] encode(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if (isEscape(text, i)) {
                out.writeBytes(text.substring(from, i).getBytes(UTF_8));
                out.write(text.charAt(i) - ESCAPE);
                from = i + 1;
            }
        }
        out.writeBytes(text.substring(from).getBytes(UTF_8));
        return out.toByteArray();
    }

    private static boolean isEscape(String text, int i) {
        char c = text.charAt(i);
        return c >= ESCAPE + 0x80 && c <= ESCAPE + 0xff && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }
}
