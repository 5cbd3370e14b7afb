/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.loop;

import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The failures of the transport in words for people. The JDK, epoll and kqueue each name the same failure differently.
 * The native ones name a call of the system:
 * {@code recvAddress(..) failed with error(-104): Connection reset by peer}.
 */
public final class Transport {
    private static final Pattern CALL = Pattern.compile("^\\w+\\(\\S*\\) failed(?: with error\\(-?\\d+\\))?: ");

    /** The maximum length of a message: that of TLS has all bytes that were no record. */
    private static final int MAX_TEXT = 200;

    private Transport() {}

    /** Returns true for a failure of the connection, also one that a codec such as that of TLS has wrapped. */
    public static boolean isFailure(Throwable failure) {
        return failure instanceof IOException || failure.getCause() instanceof IOException;
    }

    /** Returns one line about the failure of an open connection. */
    public static String describe(Throwable failure) {
        String text = text(failure);
        String low = text.toLowerCase(Locale.ROOT);
        if (low.contains("connection reset") || low.contains("connection was aborted")) {
            return "connection reset by the peer";
        } else if (failure instanceof ClosedChannelException || low.contains("broken pipe")) {
            return "connection closed while it was written to";
        } else if (low.contains("timed out")) {
            return "connection timed out: the peer acknowledges no data";
        }
        return "the connection failed: " + text;
    }

    /** Returns one line about a dial that has not reached its address. */
    public static String describeDial(SocketAddress remote, Throwable failure) {
        String text = text(failure);
        String low = text.toLowerCase(Locale.ROOT);
        if (failure instanceof UnknownHostException) {
            return "unknown host " + name(remote);
        } else if (low.contains("connection refused")) {
            return "connection refused by " + name(remote);
        } else if (failure instanceof ConnectTimeoutException || low.contains("timed out")) {
            return "no answer from " + name(remote);
        } else if (low.contains("no route to host") || low.contains("host is unreachable")) {
            return "no route to " + name(remote);
        } else if (low.contains("network is unreachable")) {
            return "no network leads to " + name(remote);
        } else if (low.contains("connection reset")) {
            return "connection reset by " + name(remote);
        }
        return "no connection to " + name(remote) + ": " + text;
    }

    /** Returns the message without the system call and without line breaks, or the name of the class if it is empty. */
    private static String text(Throwable failure) {
        String message = failure.getMessage();
        if (message == null || message.isBlank()) {
            return failure.getClass().getSimpleName();
        }
        String line = CALL.matcher(message.length() <= MAX_TEXT ? message : message.substring(0, MAX_TEXT) + "...")
                .replaceFirst("")
                .replaceAll("\\s*\\R\\s*", " ");
        return line.strip();
    }

    private static String name(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            String host = inet.getHostString();
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + inet.getPort();
        }
        return address.toString();
    }
}
