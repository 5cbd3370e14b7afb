/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReasonsTest {
    @Test
    void failedDialsAreTold() {
        assertThat(Reasons.text(new ConnectException(
                        "finishConnect(..) failed with error(-111): Connection refused: /1.2.3.4:5")))
                .isEqualTo("connection refused");
        assertThat(Reasons.text(new ConnectTimeoutException("connection timed out after 5000 ms: /1.2.3.4:5")))
                .isEqualTo("connection timed out");
        assertThat(Reasons.text(new NoRouteToHostException("No route to host: /1.2.3.4:5")))
                .isEqualTo("no route to the host");
        assertThat(Reasons.text(new SocketException("Network is unreachable"))).isEqualTo("the network is unreachable");
        assertThat(Reasons.text(new UnknownHostException("peer.invalid"))).isEqualTo("unknown host: peer.invalid");
    }

    @ParameterizedTest
    @CsvSource({
        "recvAddress(..) failed with error(-104): Connection reset by peer, connection reset by the peer",
        "sendAddress(..) failed: Connection reset by peer, connection reset by the peer",
        "Connection reset, connection reset by the peer",
        "connection reset by the peer, connection reset by the peer",
        "writevAddresses(..) failed with error(-32): Broken pipe, connection closed by the peer",
        "the connection failed: recvAddress(..) failed with error(-110): Connection timed out,"
                + " the connection failed: Connection timed out"
    })
    void namesOfSystemCallsAreNotShown(String message, String shown) {
        assertThat(Reasons.text(new IOException(message))).isEqualTo(shown);
    }

    @Test
    void namesOfClassesAreNotShown() {
        assertThat(Reasons.text(new ClosedChannelException())).isEqualTo("closed channel");
        assertThat(Reasons.text(new StackOverflowError())).isEqualTo("stack overflow error");
    }
}
