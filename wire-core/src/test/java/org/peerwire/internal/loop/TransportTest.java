/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each failure has one text, whichever transport names it. */
class TransportTest {
    private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.1", 6881);

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new SocketException("Connection reset"), "connection reset by the peer"),
                Arguments.of(new IOException("Connection reset by peer"), "connection reset by the peer"),
                Arguments.of(
                        new IOException("recvAddress(..) failed with error(-104): Connection reset by peer"),
                        "connection reset by the peer"),
                Arguments.of(
                        new IOException("sendAddress(..) failed with error(-104): Connection reset by peer"),
                        "connection reset by the peer"),
                Arguments.of(
                        new IOException("An established connection was aborted by the software in your host machine"),
                        "connection reset by the peer"),
                Arguments.of(new IOException("Broken pipe"), "connection closed while it was written to"),
                Arguments.of(
                        new IOException("writevAddresses(..) failed with error(-32): Broken pipe"),
                        "connection closed while it was written to"),
                Arguments.of(new ClosedChannelException(), "connection closed while it was written to"),
                Arguments.of(
                        new IOException("recvAddress(..) failed with error(-110): Connection timed out"),
                        "connection timed out: the peer acknowledges no data"),
                Arguments.of(
                        new IOException("recvAddress(..) failed with error(-5): Input/output error"),
                        "the connection failed: Input/output error"),
                Arguments.of(new IOException("two\nlines"), "the connection failed: two lines"),
                Arguments.of(new IOException("x".repeat(9_000)), "the connection failed: " + "x".repeat(200) + "..."),
                Arguments.of(new IOException(), "the connection failed: IOException"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureOfAnOpenConnectionIsDescribedInWords(Throwable failure, String text) {
        assertThat(Transport.describe(failure)).isEqualTo(text);
    }

    static Stream<Arguments> dials() throws IOException {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("no.such.host.invalid", 80);
        InetSocketAddress six = new InetSocketAddress(InetAddress.getByName("2001:db8::1"), 6881);
        return Stream.of(
                Arguments.of(PEER, new ConnectException("Connection refused"), "connection refused by 192.0.2.1:6881"),
                Arguments.of(
                        PEER,
                        new ConnectException(
                                "connect(..) failed with error(-111): Connection refused: /192.0.2.1:6881"),
                        "connection refused by 192.0.2.1:6881"),
                Arguments.of(
                        six,
                        new ConnectException("Connection refused"),
                        "connection refused by [2001:db8:0:0:0:0:0:1]:6881"),
                Arguments.of(
                        PEER,
                        new ConnectTimeoutException("connection timed out after 30000 ms: /192.0.2.1:6881"),
                        "no answer from 192.0.2.1:6881"),
                Arguments.of(PEER, new ConnectException("Connection timed out"), "no answer from 192.0.2.1:6881"),
                Arguments.of(PEER, new NoRouteToHostException("No route to host"), "no route to 192.0.2.1:6881"),
                Arguments.of(
                        PEER,
                        new ConnectException("connect(..) failed with error(-101): Network is unreachable"),
                        "no network leads to 192.0.2.1:6881"),
                Arguments.of(
                        unresolved,
                        new UnknownHostException("no.such.host.invalid: Name or service not known"),
                        "unknown host no.such.host.invalid:80"),
                Arguments.of(PEER, new IOException("Connection reset by peer"), "connection reset by 192.0.2.1:6881"),
                Arguments.of(
                        PEER,
                        new IOException("Permission denied"),
                        "no connection to 192.0.2.1:6881: Permission denied"));
    }

    @ParameterizedTest
    @MethodSource("dials")
    void aFailedDialIsDescribedInWordsWithItsAddress(SocketAddress remote, Throwable failure, String text) {
        assertThat(Transport.describeDial(remote, failure)).isEqualTo(text);
    }
}
