/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.IDN;
import java.net.URI;
import java.net.URLDecoder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The host of a URL, its port, and the user. Takes hosts that {@link URI#getHost()} does not know: names with an
 * underscore, which services inside a company have, and with letters of any language (IDNA).
 *
 * @param user the user and the password as the URL has them, or null
 * @param host a name in ASCII, an IPv4 address, or an IPv6 address in brackets
 * @param port the port, not checked for its range, or -1
 */
public record Authority(@Nullable String user, String host, int port) {
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,255}");
    private static final Pattern USER = Pattern.compile("^([^:/?#]+:)?(//)?[^/?#]*@");

    /** Returns the authority of a URL, or null if it has no host. */
    public static @Nullable Authority of(URI uri) {
        if (uri.getHost() != null) {
            return new Authority(uri.getRawUserInfo(), uri.getHost(), uri.getPort());
        }
        String raw = uri.getRawAuthority();
        if (raw == null) {
            return null;
        }
        int at = raw.lastIndexOf('@');
        int colon = raw.indexOf(':', at + 1);
        String host = host(raw.substring(at + 1, colon < 0 ? raw.length() : colon));
        String port = colon < 0 ? "" : raw.substring(colon + 1);
        if (host == null || !(port.isEmpty() || PORT.matcher(port).matches())) {
            return null;
        }
        return new Authority(at < 0 ? null : raw.substring(0, at), host, port.isEmpty() ? -1 : Integer.parseInt(port));
    }

    private static @Nullable String host(String raw) {
        try {
            String ascii = IDN.toASCII(decoded(raw)); // allows the underscore
            return NAME.matcher(ascii).matches() && !ascii.startsWith(".") ? ascii : null;
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    /** Returns the text of an escaped part of a URL, where a plus is a plus. */
    public static String decoded(String raw) {
        return URLDecoder.decode(raw.replace("+", "%2B"), UTF_8);
    }

    /** Returns the URL in ASCII, with this authority, but without the user and the fragment. */
    public URI in(URI uri) {
        URI ascii = URI.create(uri.toASCIIString());
        String query = ascii.getRawQuery() == null ? "" : "?" + ascii.getRawQuery();
        return URI.create(ascii.getScheme() + "://" + this + ascii.getRawPath() + query);
    }

    /** Returns a URL, which may be malformed, without its user: for messages and logs. */
    public static String withoutUser(String url) {
        return USER.matcher(url).replaceFirst("$1$2");
    }

    /** Returns the host and the port, if there is one, as a URL has them. */
    @Override
    public String toString() {
        return port < 0 ? host : host + ":" + port;
    }
}
