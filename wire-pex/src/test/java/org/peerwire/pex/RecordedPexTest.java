/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.dropped;
import static org.peerwire.pex.Peers.peer;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * All messages that one wire received in some minutes from libtorrent 2.0.8 and from Transmission 3.00. The client had
 * four other peers: two with a listen port, one without, and one with a listen port that came late and left.
 */
class RecordedPexTest {
    private static final String LIBTORRENTS_V6 = "363a616464656436303a383a6164646564362e66303a";

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final PexOptions options = PexOptions.builder().scheduler(time).build();
    private final List<PexIgnored> ignored = new ArrayList<>();
    private final PexReader reader = new PexReader(options, ignored::add);
    private final PexMemory memory =
            new PexMemory(options, peer("127.0.0.1:6881"), Wires.SELF::equals, known -> false, ignored::add);

    @Test // it omits the third peer, and drops the fourth with its source port and adds it again
    void messagesOfLibtorrentAreUsed() {
        assertThat(decode("64353a616464656431323a7f000020cb227f00001fcb21373a61646465642e66323a0000" + LIBTORRENTS_V6
                        + "373a64726f70706564303a383a64726f7070656436303a65"))
                .containsExactlyInAnyOrder(added("127.0.0.31:52001"), added("127.0.0.32:52002"));
        time.advanceTimeBy(Duration.ofSeconds(60));
        assertThat(decode("64353a6164646564363a7f000022cb24373a61646465642e66313a00" + LIBTORRENTS_V6
                        + "373a64726f70706564303a383a64726f7070656436303a65"))
                .containsExactly(added("127.0.0.34:52004"));
        time.advanceTimeBy(Duration.ofSeconds(60));
        assertThat(ignored).isEmpty();
        assertThat(decode("64353a6164646564363a7f000023cb25373a61646465642e66313a00" + LIBTORRENTS_V6
                        + "373a64726f70706564363a7f0000229663383a64726f7070656436303a65"))
                .containsExactly(added("127.0.0.35:52005"));
        time.advanceTimeBy(Duration.ofSeconds(60));
        assertThat(decode("64353a6164646564363a7f000022cb24373a61646465642e66313a00" + LIBTORRENTS_V6
                        + "373a64726f70706564303a383a64726f7070656436303a65"))
                .isEmpty();
        assertThat(ignored).containsExactly(PexIgnored.UNKNOWN_DROP, PexIgnored.REPEATED);
    }

    @Test // it adds the third peer with its source port
    void messagesOfTransmissionAreUsed() {
        assertThat(decode("64353a616464656431383a7f000029cb217f00002acb227f00002b85c3373a61646465642e66333a00000065"))
                .containsExactly(added("127.0.0.41:52001"), added("127.0.0.42:52002"), added("127.0.0.43:34243"));
        time.advanceTimeBy(Duration.ofSeconds(90));
        assertThat(decode("64353a6164646564363a7f00002ccb24373a61646465642e66313a0065"))
                .containsExactly(added("127.0.0.44:52004"));
        time.advanceTimeBy(Duration.ofSeconds(90));
        assertThat(decode("64373a64726f70706564363a7f00002ccb2465")).containsExactly(dropped("127.0.0.44:52004"));
        assertThat(ignored).isEmpty();
    }

    private List<PeerEvent> decode(String hex) {
        return memory.events(
                Objects.requireNonNull(reader.read(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)))));
    }
}
