/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.peerwire.Features;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.peerwire.metadata.MetadataException.Reason;
import org.peerwire.test.ScriptedPeer;
import reactor.core.Disposable;

/** A fixture of a real wire to a peer that sends any messages to our extension. */
abstract class HostileMetadata {
    final UtMetadata fetching = UtMetadata.fetching();
    final List<Metadata> found = new ArrayList<>();
    final List<Throwable> failures = new ArrayList<>();
    UtMetadata ours = fetching;

    @Nullable
    ScriptedPeer peer;

    @AfterEach
    void close() {
        if (peer != null) {
            peer.dispose();
        }
    }

    /** Opens a wire with our extension, to a peer that has sent no extended handshake. */
    ScriptedPeer connect(InfoHash hash, UtMetadata extension) {
        ours = extension;
        peer = ScriptedPeer.dialledBy(LocalPeer.of(hash, PeerId.random()).withExtension(extension))
                .handshake(Features.of(Feature.EXTENSION_PROTOCOL));
        peer.expectExtendedHandshake();
        return peer;
    }

    ScriptedPeer peer() {
        return Objects.requireNonNull(peer);
    }

    void claim(String metadataSize) {
        String size = metadataSize.isEmpty() ? "" : "13:metadata_size" + metadataSize;
        peer().send(new Message.Extended(0, bytes("d1:md11:ut_metadatai9ee" + size + "e")));
    }

    Disposable fetch() {
        MetadataOptions options =
                MetadataOptions.builder().scheduler(peer().clock()).build();
        return UtMetadata.fetch(peer().wire(), options).subscribe(found::add, failures::add);
    }

    void serve() {
        MetadataOptions options =
                MetadataOptions.builder().scheduler(peer().clock()).build();
        ours.serve(peer().wire(), options).subscribe(null, failures::add);
    }

    void say(String payload) {
        say(bytes(payload));
    }

    void say(ByteBuf payload) {
        peer().sendExtended(UtMetadata.NAME, payload);
    }

    void sayData(byte[] info, int piece) {
        say(MetadataMessage.data(piece, info));
    }

    /** Returns the messages that the wire has sent to the extension since the last call. */
    List<MetadataMessage> heard() {
        List<MetadataMessage> heard = new ArrayList<>();
        for (Message message : peer().received()) {
            if (message instanceof Message.Extended extended && extended.id() == 9) {
                heard.add(Wires.decode(extended.payload()));
            }
        }
        return heard;
    }

    void assertFailed(Reason reason) {
        assertThat(found).isEmpty();
        assertThat(failures).hasSize(1);
        assertThat(((MetadataException) failures.get(0)).reason()).isEqualTo(reason);
    }

    static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, ISO_8859_1);
    }

    /** Returns the number of bytes that this thread allocates for the work, all of which runs on this thread. */
    static long allocated(Runnable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
