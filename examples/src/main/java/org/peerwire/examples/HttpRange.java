/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import io.netty.handler.codec.http.HttpMethod;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The part of a file that an HTTP request asks for (RFC 9110, section 14). A part that is not in the file is empty.
 *
 * @param from the first byte
 * @param to the end, after the last byte
 * @param length the length of the file
 * @param isPart false for an answer with the whole file
 */
record HttpRange(long from, long to, long length, boolean isPart) {
    private static final Pattern HEADER = Pattern.compile("bytes=(?=-?\\d)(\\d{0,18})-(\\d{0,18})");

    /** Returns the part that a request asks for, or the whole file if it asks in another form. */
    static HttpRange of(HttpServerRequest request, long length) {
        boolean isGet = request.method().equals(HttpMethod.GET);
        Matcher part = HEADER.matcher(isGet ? request.requestHeaders().get("Range", "") : "");
        if (!part.matches()) {
            return new HttpRange(0, length, length, false);
        }
        String first = part.group(1);
        String last = part.group(2);
        if (first.isEmpty()) {
            return new HttpRange(Math.max(0, length - Long.parseLong(last)), length, length, true);
        }
        long to = last.isEmpty() ? length : Math.min(length, Long.parseLong(last) + 1);
        return new HttpRange(Long.parseLong(first), to, length, true);
    }

    /** Returns true if the file has no byte of the part. */
    boolean isEmpty() {
        return from >= to;
    }

    /** Sets the status and the headers of the answer. */
    HttpServerResponse describe(HttpServerResponse response) {
        if (isPart) {
            response.header("Content-Range", "bytes " + (isEmpty() ? "*" : from + "-" + (to - 1)) + "/" + length);
        }
        return response.status(isPart ? isEmpty() ? 416 : 206 : 200)
                .header("Accept-Ranges", "bytes")
                .header("Content-Length", "" + Math.max(0, to - from));
    }
}
