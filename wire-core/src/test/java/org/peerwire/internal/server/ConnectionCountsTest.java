/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ConnectionCountsTest {
    private static InetSocketAddress at(String address) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(address), 6881);
    }

    /** Returns an address that the JDK would turn into one of IPv4. */
    private static InetSocketAddress mapped(int... ipv4) throws UnknownHostException {
        byte[] bytes = new byte[16];
        bytes[10] = bytes[11] = (byte) 0xff;
        IntStream.range(0, 4).forEach(i -> bytes[12 + i] = (byte) ipv4[i]);
        return new InetSocketAddress(Inet6Address.getByAddress(null, bytes, -1), 6881);
    }

    @Test
    void anIpv6NetworkOf64BitsCountsAsOne() throws UnknownHostException {
        ConnectionCounts counts = new ConnectionCounts(100, 1);

        assertThat(counts.enter(at("2001:db8:1:2::1"))).isNull();
        assertThat(counts.enter(at("2001:db8:1:2:ffff:ffff:ffff:ffff"))).isNotNull();
        assertThat(counts.enter(at("2001:db8:1:3::1"))).isNull();
    }

    @Test
    void anIpv4MappedAddressCountsAsIpv4() throws UnknownHostException {
        ConnectionCounts counts = new ConnectionCounts(100, 1);

        assertThat(counts.enter(mapped(192, 0, 2, 1))).isNull();
        assertThat(counts.enter(at("192.0.2.1"))).isNotNull();
        assertThat(counts.enter(mapped(192, 0, 2, 2))).isNull();
        assertThat(counts.enter(at("::1"))).isNull();
        assertThat(counts.enter(at("0.0.0.0"))).isNull();
    }

    @Test
    void aRefusedConnectionCountsNowhere() throws UnknownHostException {
        ConnectionCounts counts = new ConnectionCounts(2, 1);
        counts.enter(at("192.0.2.1"));
        counts.enter(at("192.0.2.1"));
        counts.enter(at("192.0.2.2"));
        assertThat(counts.enter(at("192.0.2.3"))).isNotNull();

        assertThat(counts.all()).isEqualTo(2);
        assertThat(counts.networks()).isEqualTo(2);
    }

    @Test
    @Timeout(60)
    void aPlaceThatAllShowsAsFreeIsFreeForTheSameAddressToo() throws Exception {
        ConnectionCounts counts = new ConnectionCounts(1, 1);
        SocketAddress address = at("192.0.2.1");
        int rounds = 200_000;
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<?> leaving = other.submit(() -> {
                for (int i = 0; i < rounds; i++) {
                    spinUntil(counts, 1);
                    counts.leave(address);
                }
            });
            for (int i = 0; i < rounds; i++) {
                assertThat(counts.enter(address)).as("round %s", i).isNull();
                spinUntil(counts, 0);
            }
            leaving.get();
        } finally {
            other.shutdownNow();
        }
    }

    private static void spinUntil(ConnectionCounts counts, int all) {
        while (counts.all() != all && !Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void everyNetworkWithoutAConnectionIsForgotten() throws UnknownHostException {
        ConnectionCounts counts = new ConnectionCounts(10_000, 10);
        List<SocketAddress> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            all.add(at("10.0." + i / 250 + "." + i % 250));
            all.add(at("2001:db8:0:" + Integer.toHexString(i) + "::1"));
        }
        all.forEach(counts::enter);
        assertThat(counts.networks()).isEqualTo(2_000);

        all.forEach(counts::leave);

        assertThat(counts.networks()).isZero();
        assertThat(counts.all()).isZero();
    }

    @Test
    void anAddressWithoutANetworkCountsOnlyInAll() {
        ConnectionCounts counts = new ConnectionCounts(2, 1);
        SocketAddress unix = new SocketAddress() {
            private static final long serialVersionUID = 1L;
        };

        assertThat(counts.enter(unix)).isNull();
        assertThat(counts.enter(unix)).isNull();
        assertThat(counts.enter(unix)).isNotNull();
        counts.leave(unix);
        counts.leave(unix);
        assertThat(counts.all()).isZero();
    }
}
