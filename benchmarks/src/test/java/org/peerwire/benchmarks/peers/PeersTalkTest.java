/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.peers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.InfoHash;
import org.peerwire.PayloadMode;
import org.peerwire.TorrentShape;
import org.peerwire.discovery.Dht;
import reactor.netty.DisposableServer;
import reactor.netty.resources.LoopResources;

/** Tests small downloads of the measured programs over real sockets. */
class PeersTalkTest {
    private static final InfoHash INFO_HASH = InfoHash.of(new byte[20]);
    private static final int PIECE_LENGTH = 1024 * 1024;
    private static final TorrentShape SHAPE = TorrentShape.of(4L * PIECE_LENGTH, PIECE_LENGTH);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static LoopResources loops;
    private static EventLoopGroup nettyLoops;

    @BeforeAll
    static void start() {
        loops = LoopResources.create("peers", 1, true);
        nettyLoops = Netty.loops();
    }

    @AfterAll
    static void stop() {
        loops.disposeLater(Duration.ZERO, PATIENCE).block();
        nettyLoops.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void theHandWrittenLeechGetsEverythingFromOurSeed() {
        DisposableServer seed = WireSeeder.start(0, INFO_HASH, SHAPE, WireSeeder.memory(SHAPE), loops);
        NettyLeecher leech = new NettyLeecher(INFO_HASH.bytes(), PIECE_LENGTH, 4, 8L * PIECE_LENGTH, 16, 3);
        leech.run(nettyLoops, new InetSocketAddress("127.0.0.1", seed.port())).block(PATIENCE);
        assertThat(leech.received()).isEqualTo(8L * PIECE_LENGTH);
        seed.disposeNow();
    }

    @ParameterizedTest
    @EnumSource
    void ourLeechGetsEverythingFromTheHandWrittenSeed(PayloadMode payload) {
        Channel seed = NettySeeder.start(nettyLoops, 0, INFO_HASH.bytes(), PIECE_LENGTH, 4);
        WireLeecher leech = new WireLeecher(
                (InetSocketAddress) seed.localAddress(), INFO_HASH, SHAPE, 8L * PIECE_LENGTH, 0, 16, 3, payload, loops);
        leech.run().block(PATIENCE);
        assertThat(leech.received()).isEqualTo(8L * PIECE_LENGTH);
        seed.close().syncUninterruptibly();
    }

    @Test
    void ourNodeOfTheDhtAnswersManyQuestionsOfAStranger() throws Exception {
        Dht node = Objects.requireNonNull(DhtNode.start(0).block(PATIENCE));
        InetSocketAddress address =
                Objects.requireNonNull(node.addresses().block(PATIENCE)).get(0);
        byte[] ping = "d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe".getBytes(ISO_8859_1);
        for (int i = 0; i < 100; i++) {
            try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
                socket.setSoTimeout((int) PATIENCE.toMillis());
                socket.send(new DatagramPacket(ping, ping.length, address));
                DatagramPacket answer = new DatagramPacket(new byte[1_500], 1_500);
                socket.receive(answer);
                assertThat(new String(answer.getData(), 0, answer.getLength(), ISO_8859_1))
                        .contains("1:rd2:id20:", "1:t2:aa");
            }
        }
        node.close().block(PATIENCE);
    }

    @Test
    void aWrongBlockIsDetected() {
        Pattern pattern = new Pattern();
        pattern.check(5L * PIECE_LENGTH, pattern.slice(3L * PIECE_LENGTH, Pattern.BLOCK));
        assertThatThrownBy(() -> pattern.check(0, pattern.slice(Pattern.BLOCK, Pattern.BLOCK)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pattern.check(0, Unpooled.wrappedBuffer(new byte[Pattern.BLOCK])))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theFileHoldsThePattern(@TempDir Path folder) throws Exception {
        Pattern pattern = new Pattern();
        byte[] bytes = Files.readAllBytes(pattern.file(folder.resolve("data"), 3L * PIECE_LENGTH));
        assertThat(bytes).hasSize(3 * PIECE_LENGTH);
        for (int at = 0; at < bytes.length; at += Pattern.BLOCK) {
            pattern.check(at, Unpooled.wrappedBuffer(bytes, at, Pattern.BLOCK));
        }
    }
}
