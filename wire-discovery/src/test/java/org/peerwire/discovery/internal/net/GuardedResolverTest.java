/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netty.resolver.AddressResolver;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.discovery.internal.net.GuardedResolver.Family;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

/** Attack A-89. */
class GuardedResolverTest {
    private final FakeNames names = new FakeNames()
            .with("public", "192.0.2.1", "2001:db8::1")
            .with("mixed", "10.0.0.1", "192.0.2.2", "::1")
            .with("inside", "192.168.1.1", "fd00::1")
            .with("four", "192.0.2.3");

    @Test
    void aPublicNameHasAllItsAddresses() throws Exception {
        assertThat(resolve(guard(), "public")).containsExactly("192.0.2.1", "2001:db8:0:0:0:0:0:1");
    }

    @Test
    void localAddressesAreDropped() throws Exception {
        assertThat(resolve(guard(), "mixed")).containsExactly("192.0.2.2");
        assertThat(first(guard(), "mixed")).isEqualTo("192.0.2.2");
    }

    @Test
    void localAddressesAreAllowedIfAsked() throws Exception {
        assertThat(resolve(GuardedResolver.of(names, true), "inside"))
                .containsExactly("192.168.1.1", "fd00:0:0:0:0:0:0:1");
        assertThatThrownBy(() -> resolve(GuardedResolver.of(names, true).withoutLocal(), "inside"))
                .isInstanceOf(LocalAddressException.class);
    }

    @Test
    void aNameWithLocalAddressesOnlyFails() {
        assertThatThrownBy(() -> resolve(guard(), "inside"))
                .isInstanceOf(LocalAddressException.class)
                .hasMessage("inside is on the local network (192.168.1.1)");
        assertThatThrownBy(() -> first(guard(), "inside")).isInstanceOf(LocalAddressException.class);
    }

    @Test
    void oneFamilyIsKept() throws Exception {
        assertThat(resolve(guard().only(Family.IPV6), "public")).containsExactly("2001:db8:0:0:0:0:0:1");
        assertThat(resolve(guard().only(Family.IPV4), "public")).containsExactly("192.0.2.1");
        assertThatThrownBy(() -> resolve(guard().only(Family.IPV6), "four"))
                .isInstanceOf(NoAddressException.class)
                .hasMessage("four has no IPv6 address");
    }

    @Test
    void anUnknownNameKeepsItsFailure() {
        assertThatThrownBy(() -> resolve(guard(), "nowhere")).isInstanceOf(java.net.UnknownHostException.class);
        assertThatThrownBy(() -> first(guard(), "nowhere")).isInstanceOf(java.net.UnknownHostException.class);
    }

    @Test
    void aRefusedLiteralIsNotResolved() throws Exception {
        AddressResolver<InetSocketAddress> resolver = guard().getResolver(ImmediateEventExecutor.INSTANCE);
        InetSocketAddress local = new InetSocketAddress("127.0.0.1", 1);
        assertThat(resolver.isResolved(local)).isFalse();
        assertThat(resolver.isResolved(new InetSocketAddress("192.0.2.1", 1))).isTrue();
        assertThat(resolver.isResolved(InetSocketAddress.createUnresolved("public", 1)))
                .isFalse();
        assertThat(resolver.resolveAll(local).cause()).isInstanceOf(LocalAddressException.class);
        assertThat(resolver.resolve(local).cause()).isInstanceOf(LocalAddressException.class);
    }

    @Test
    void equalRulesAreEqual() {
        assertThat(GuardedResolver.standard(false)).isEqualTo(GuardedResolver.standard(false));
        assertThat(GuardedResolver.standard(false).hashCode())
                .isEqualTo(GuardedResolver.standard(false).hashCode());
        assertThat(GuardedResolver.standard(false)).isNotEqualTo(GuardedResolver.standard(true));
        assertThat(guard().only(Family.IPV4)).isNotEqualTo(guard().only(Family.IPV6));
    }

    @Test
    void anHttpClientCannotReachALoopbackServer() {
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .handle((request, response) -> response.sendString(Mono.just("inside")))
                .bindNow();
        try {
            for (String host : List.of("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0")) {
                String uri = "http://" + host + ":" + server.port() + "/";
                assertThat(catchThrowable(() -> get(GuardedResolver.standard(false), uri)))
                        .as(uri)
                        .hasRootCauseInstanceOf(LocalAddressException.class);
            }
            assertThat(get(GuardedResolver.standard(true), "http://127.0.0.1:" + server.port()))
                    .isEqualTo("inside");
            assertThat(get(GuardedResolver.standard(true).only(Family.IPV4), "http://localhost:" + server.port()))
                    .isEqualTo("inside");
        } finally {
            server.disposeNow();
        }
    }

    private static String get(GuardedResolver resolver, String uri) {
        return HttpClient.newConnection()
                .resolver(resolver)
                .get()
                .uri(uri)
                .responseContent()
                .aggregate()
                .asString()
                .block(Duration.ofSeconds(20));
    }

    private GuardedResolver guard() {
        return GuardedResolver.of(names, false);
    }

    private static List<String> resolve(GuardedResolver group, String name) throws Exception {
        return group
                .getResolver(ImmediateEventExecutor.INSTANCE)
                .resolveAll(InetSocketAddress.createUnresolved(name, 80))
                .sync()
                .getNow()
                .stream()
                .map(address -> address.getAddress().getHostAddress())
                .toList();
    }

    private static String first(GuardedResolver group, String name) throws Exception {
        return group.getResolver(ImmediateEventExecutor.INSTANCE)
                .resolve(InetSocketAddress.createUnresolved(name, 80))
                .sync()
                .getNow()
                .getAddress()
                .getHostAddress();
    }
}
