/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every captured frame of real clients, where the captures are at hand: see the system property {@code shared.dir}. */
class PexCorpusTest {
    private static final int FRAME_HEADER = 4 + 1 + 1; // length, message id, extension id

    @Test // case 90
    void readsEveryCapturedFrameWithoutComplaint() throws IOException {
        Path corpus = Path.of(System.getProperty("shared.dir", "none"), "interop", "corpus");
        assumeTrue(Files.isDirectory(corpus));
        List<Path> frames;
        try (Stream<Path> files = Files.walk(corpus)) {
            frames = files.filter(file -> file.getFileName().toString().matches(".*pex(-\\d+)?\\.bin"))
                    .toList();
        }
        assertThat(frames).isNotEmpty();
        for (Path frame : frames) {
            List<PexIgnored> ignored = new ArrayList<>();
            ByteBuf payload = Unpooled.wrappedBuffer(Files.readAllBytes(frame)).skipBytes(FRAME_HEADER);
            PexMessage message = PexMessage.decode(payload, 200, ignored::add);
            assertThat(message.isEmpty()).as("%s", frame).isFalse();
            assertThat(ignored).as("%s", frame).isEmpty();
            assertThat(PexMessage.decode(message.encode(), 200, ignored::add)).isEqualTo(message);
        }
    }
}
