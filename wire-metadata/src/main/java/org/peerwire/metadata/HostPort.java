/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A parser of addresses in links: {@code host:1}, {@code 192.0.2.1:1}, {@code [2001:db8::1]:1}. Resolves no host. */
final class HostPort {
    private static final int MAX_HOST_LENGTH = 253;

    private HostPort() {}

    /** Returns the unresolved address, or null for a malformed text. */
    static @Nullable InetSocketAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            return null;
        }
        String host = text.substring(0, colon);
        int port = port(text.substring(colon + 1));
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
            return port > 0 && NetUtil.isValidIpV6Address(host) ? InetSocketAddress.createUnresolved(host, port) : null;
        }
        return port > 0 && isHost(host) ? InetSocketAddress.createUnresolved(host, port) : null;
    }

    /** Returns the unresolved address, or null for a malformed host or port. */
    static @Nullable InetSocketAddress of(String host, long port) {
        boolean valid = port > 0 && port <= 65_535 && (isHost(host) || NetUtil.isValidIpV6Address(host));
        return valid && !host.isEmpty() ? InetSocketAddress.createUnresolved(host, (int) port) : null;
    }

    private static int port(String digits) {
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int port = Integer.parseInt(digits);
        return port <= 65_535 ? port : -1;
    }

    private static boolean isHost(String host) {
        return host.length() <= MAX_HOST_LENGTH
                && host.chars().allMatch(c -> c > 0x7f || Character.isLetterOrDigit(c) || ".-_".indexOf(c) >= 0);
    }
}
