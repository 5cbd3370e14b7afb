/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.ConnectionException;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.netty.Connection;

/** Tests the hosts of a {@link TestSwarm}, their accesses and their connections. */
class TestSwarmTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final HostLink FAST = HostLink.of(100_000_000, 100_000_000);

    private TestSwarm net = TestSwarm.create(1);

    @AfterEach
    void end() {
        net.dispose();
    }

    private long now() {
        return net.clock().now(TimeUnit.MILLISECONDS);
    }

    private InetSocketAddress listening(HostLink link, List<Connection> accepted) {
        InetSocketAddress host = net.host(link);
        net.listen(host, accepted::add);
        return host;
    }

    private Recorder<Connection> dial(InetSocketAddress from, InetSocketAddress to) {
        return Recorder.of(net.dialler(from).apply(to));
    }

    /** A download of 500 MB. */
    private static Flux<BlockRequest> endless() {
        return Flux.range(0, 1_000_000)
                .map(n -> new BlockRequest(n % 64, n / 64 % 16 * BlockRequest.BLOCK_LENGTH, BlockRequest.BLOCK_LENGTH));
    }

    private Leech leech(HostLink link, TestPeer seed) {
        return Leech.of(net, net.host(link), seed.address(), endless());
    }

    /** Returns the bytes that the leeches have received per second, in five seconds after three others. */
    private List<Double> rates(List<Leech> leeches) {
        net.advance(Duration.ofSeconds(3));
        List<Long> before = leeches.stream().map(Leech::bytesIn).toList();
        net.advance(Duration.ofSeconds(5));
        return IntStream.range(0, leeches.size())
                .mapToObj(i -> (leeches.get(i).bytesIn() - before.get(i)) / 5.0)
                .toList();
    }

    private static double sum(List<Double> rates) {
        return rates.stream().mapToDouble(rate -> rate).sum();
    }

    // ---- bandwidth ----

    @ParameterizedTest
    @ValueSource(ints = {1_448, 16 * 1024})
    void theConnectionsOfAHostShareItsUpload(int packet) {
        net = TestSwarm.create(1, packet);
        TestPeer seed = Leech.seed(net, HostLink.of(1_000_000, 1_000_000));
        List<Double> rates =
                rates(Stream.generate(() -> leech(FAST, seed)).limit(5).toList());

        assertThat(sum(rates)).isBetween(980_000.0, 1_020_000.0);
        assertThat(rates).allSatisfy(rate -> assertThat(rate).isBetween(190_000.0, 210_000.0));
    }

    @ParameterizedTest
    @ValueSource(ints = {1_448, 16 * 1024})
    void theConnectionsOfAHostShareItsDownload(int packet) {
        net = TestSwarm.create(1, packet);
        InetSocketAddress host = net.host(HostLink.of(1_000_000, 1_000_000));
        List<Leech> leeches = Stream.generate(
                        () -> Leech.of(net, host, Leech.seed(net, FAST).address(), endless()))
                .limit(5)
                .toList();

        assertThat(sum(rates(leeches))).isBetween(980_000.0, 1_020_000.0);
    }

    @ParameterizedTest
    @ValueSource(longs = {20_000, 1_000_000, 12_500_000})
    void oneConnectionFillsALongLine(long rate) {
        TestPeer seed = Leech.seed(net, HostLink.of(rate, rate).delay(Duration.ofMillis(40)));
        Leech leech = leech(HostLink.of(rate, rate).delay(Duration.ofMillis(20)), seed);

        assertThat(rates(List.of(leech)).get(0)).isCloseTo(rate, within(rate * 0.02));
    }

    @Test
    void whatOneConnectionLeavesTheOthersTake() {
        TestPeer seed = Leech.seed(net, HostLink.of(1_000_000, 1_000_000));
        List<Double> rates = rates(List.of(leech(HostLink.of(50_000, 50_000), seed), leech(FAST, seed)));

        assertThat(rates.get(0)).isCloseTo(50_000, within(1_500.0));
        assertThat(rates.get(1)).isCloseTo(950_000, within(20_000.0));
    }

    @Test
    void anAccessWithoutALimitDelaysOnly() {
        TestPeer seed = Leech.seed(net, HostLink.of(HostLink.UNLIMITED, HostLink.UNLIMITED));
        Leech leech = Leech.of(net, net.host(HostLink.of(HostLink.UNLIMITED, HostLink.UNLIMITED)), seed.address());

        net.advance(SECOND);

        assertThat(leech.correct).hasSize(1024);
    }

    @Test
    void aShortMessageDoesNotWaitForTheDataOfOtherConnections() {
        TestPeer seed = Leech.seed(net, HostLink.of(100_000, 100_000));
        List<Leech> busy = Stream.generate(() -> leech(FAST, seed)).limit(10).toList();
        net.advance(Duration.ofSeconds(10));
        List<Message> heard = new ArrayList<>();
        long start = now();
        net.client(net.host()).connect(seed.address(), Leech.self(net)).subscribe(wire -> wire.inbound()
                .subscribe(heard::add));

        net.advanceUntil(() -> !heard.isEmpty(), Duration.ofMinutes(1));

        assertThat(busy).allSatisfy(leech -> assertThat(leech.correct).isNotEmpty());
        assertThat(now() - start).isLessThan(1_000); // three packets of each of the others need 440 ms
    }

    // ---- delay ----

    @Test
    void aDialTakesARoundTripAndAMessageHalfOfIt() {
        List<Connection> accepted = new ArrayList<>();
        InetSocketAddress there = listening(FAST.delay(Duration.ofMillis(30)), accepted);
        InetSocketAddress here = net.host(FAST.delay(Duration.ofMillis(20)));
        Recorder<Connection> dial = dial(here, there);

        net.advance(Duration.ofMillis(99));
        assertThat(dial.values()).isEmpty();
        net.advance(Duration.ofMillis(1));
        Connection connection = dial.values().get(0);
        Recorder<String> heard = Recorder.of(accepted.get(0).inbound().receive().asString());
        connection.outbound().sendString(Flux.just("hello")).then().subscribe();
        net.advance(Duration.ofMillis(50));
        assertThat(heard.values()).isEmpty();
        net.advance(Duration.ofMillis(1)); // and the time of five bytes

        assertThat(heard.values()).containsExactly("hello");
        assertThat(accepted.get(0).address()).isEqualTo(connection.channel().localAddress());
    }

    // ---- dials ----

    @Test
    void nobodyListensSoTheDialIsRefused() {
        InetSocketAddress here = net.host();
        InetSocketAddress there = net.host();
        for (InetSocketAddress to : List.of(there, new InetSocketAddress("192.0.2.1", 80))) {
            Recorder<Wire> dial = Recorder.of(net.client(here).connect(to, Leech.self(net)));
            net.advance(SECOND);

            assertThat(dial.error())
                    .isInstanceOfSatisfying(ConnectionException.class, failure -> assertThat(failure.reason())
                            .isEqualTo(ConnectionException.Reason.FAILED))
                    .hasMessageContaining("refused")
                    .hasCauseInstanceOf(ConnectException.class);
        }
    }

    @Test
    void aSilentHostDoesNotAnswerADial() {
        InetSocketAddress there = listening(FAST, new ArrayList<>());
        net.silence(there);
        Recorder<Wire> dial = Recorder.of(net.client(net.host()).connect(there, Leech.self(net)));

        net.advance(Duration.ofMillis(29_999));
        assertThat(dial.hasEnded()).isFalse();
        net.advance(Duration.ofMillis(1));

        assertThat(dial.error()).hasMessageContaining("no answer");
    }

    @Test
    void aCancelledDialOpensNoConnection() {
        List<Connection> accepted = new ArrayList<>();
        InetSocketAddress there = listening(FAST, accepted);
        InetSocketAddress here = net.host();

        dial(here, there).cancel();
        net.advance(SECOND);

        assertThat(accepted).isEmpty();
        assertThat(net.connections(here)).isZero();
    }

    @Test
    void anAcceptorThatCancelsTheDialClosesTheConnection() {
        InetSocketAddress here = net.host();
        InetSocketAddress there = net.host();
        List<Recorder<Connection>> dials = new ArrayList<>();
        net.listen(there, connection -> dials.get(0).cancel());
        dials.add(dial(here, there));

        net.advance(SECOND);

        assertThat(net.connections(here)).isZero();
        assertThat(net.connections(there)).isOne(); // nobody reads there
    }

    @Test
    void anAddressHasOneListenerUntilItStops() {
        List<Connection> accepted = new ArrayList<>();
        InetSocketAddress there = net.host();
        Disposable listening = net.listen(there, accepted::add);
        assertThatIllegalStateException().isThrownBy(() -> net.listen(there, accepted::add));

        listening.dispose();
        Recorder<Connection> dial = dial(net.host(), there);
        net.advance(SECOND);
        assertThat(dial.error()).hasMessageContaining("refused");
        net.listen(there, accepted::add);
    }

    @Test
    void wrongArgumentsAreNamed() {
        InetSocketAddress stranger = new InetSocketAddress("192.0.2.1", 6881);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> net.listen(stranger, connection -> {}))
                .withMessage("address must be one of this network, was /192.0.2.1:6881");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostLink.of(0, 1))
                .withMessage("upload must be at least 1, was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FAST.delay(Duration.ZERO))
                .withMessage("delay must be positive, was PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestSwarm.create(1, 0))
                .withMessage("packet must be 1 to 1048576, was 0");
    }

    @Test
    void theTimeOfAConditionIsReturned() {
        boolean[] done = {false};
        net.clock().schedule(() -> done[0] = true, 70, TimeUnit.MILLISECONDS);

        assertThat(net.advanceUntil(() -> done[0], SECOND)).isEqualTo(Duration.ofMillis(70));
        assertThatThrownBy(() -> net.advanceUntil(() -> false, SECOND))
                .isInstanceOf(AssertionError.class)
                .hasMessage("the condition must hold within PT1S");
    }

    // ---- hosts that leave ----

    @Test
    void aCutHostLosesItsConnectionsAndReturns() {
        TestPeer seed = Leech.seed(net, FAST);
        InetSocketAddress host = net.host();
        Leech first = Leech.of(net, host, seed.address());
        net.advance(SECOND);

        net.cut(seed.address());
        assertThat(Fixture.end(first.wire())).hasMessageContaining("reset");
        assertThat(seed.wiresOpen()).isZero();
        assertThat(net.connections(host)).isZero();
        Recorder<Connection> to = dial(host, seed.address());
        Recorder<Connection> from = dial(seed.address(), host);
        net.advance(Duration.ofSeconds(30));
        assertThat(to.error()).hasMessageContaining("timed out");
        assertThat(from.error()).hasMessage("Network is unreachable");

        net.restart(seed.address());
        Leech second = Leech.of(net, host, seed.address());
        net.advance(SECOND);
        assertThat(second.correct).isNotEmpty();
        assertThat(seed.wiresOpened()).isEqualTo(2);
    }

    @Test
    void aSilentHostHoldsItsBytesBackUntilItReturns() {
        TestPeer seed = Leech.seed(net, FAST);
        Leech leech = Leech.of(net, net.host(), seed.address());
        net.advance(Duration.ofMillis(500));
        net.silence(seed.address());
        net.advance(Duration.ofMillis(100));
        int before = leech.correct.size();

        net.advance(Duration.ofSeconds(20));
        assertThat(leech.correct).hasSize(before).hasSizeLessThan(1024);
        assertThat(net.connections(seed.address())).isOne();

        net.restart(seed.address());
        net.advance(Duration.ofSeconds(5));
        assertThat(leech.correct).hasSize(1024);
    }

    @Test
    void hostsLeaveAndReturnAtRandomTimes() {
        List<InetSocketAddress> hosts =
                Stream.generate(() -> net.host()).limit(100).toList();
        hosts.forEach(host -> net.listen(host, connection -> {}));
        InetSocketAddress here = net.host();
        Disposable churn = net.churn(hosts, Duration.ofMinutes(3), Duration.ofMinutes(1));
        int answers = 0;
        for (int round = 0; round < 20; round++) {
            net.advance(Duration.ofMinutes(1));
            List<Recorder<Connection>> dials =
                    hosts.stream().map(host -> dial(here, host)).toList();
            net.advance(SECOND);
            answers += (int)
                    dials.stream().filter(dial -> !dial.values().isEmpty()).count();
        }
        assertThat(answers).isBetween(1_400, 1_700); // three quarters of 2,000

        churn.dispose();
        int open = net.connections(here);
        net.advance(Duration.ofHours(1));
        assertThat(net.connections(here)).isEqualTo(open);
    }
}
