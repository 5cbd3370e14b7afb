/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.Features;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.WireException;
import org.peerwire.leaks.LeakDetector;
import org.peerwire.message.Message;
import org.peerwire.test.ScriptedPeer;
import org.peerwire.test.Vectors;
import reactor.core.publisher.Hooks;

/**
 * Fuzz tests of a fetch and of serving, with any messages of the peer. The first byte of an input is our role. Steps
 * follow: a byte for the kind, two for a length, and the bytes.
 */
class MetadataFuzzTest {
    private static final byte[] INFO = Infos.ofLength(20_000, 1);
    private static final InfoHash HASH = InfoHashes.sha1(INFO);
    private static final int OUR_NUMBER = 1;

    // the roles
    private static final int SERVE = 1;

    // the kinds of steps
    private static final int MESSAGE = 0;
    private static final int HANDSHAKE = 1;
    private static final int HONEST_PIECE = 2;
    private static final int TIME_PASSES = 3;

    static Stream<byte[]> seeds() {
        byte[] hello = text("d1:md11:ut_metadatai3ee13:metadata_sizei20000ee");
        byte[] liar = text("d1:md11:ut_metadatai3ee13:metadata_sizei9223372036854775807ee");
        byte[] request = payload(Vectors.METADATA_REQUEST);
        byte[] data = payload(Vectors.METADATA_DATA);
        byte[] reject = payload(Vectors.METADATA_REJECT);
        return Stream.of(
                steps(0, HANDSHAKE, hello, HONEST_PIECE, new byte[] {0}, HONEST_PIECE, new byte[] {1}),
                steps(0, HANDSHAKE, liar, TIME_PASSES, new byte[9], HANDSHAKE, hello, MESSAGE, data, MESSAGE, reject),
                steps(0, HANDSHAKE, hello, MESSAGE, payload(Vectors.METADATA_DATA_USERS), TIME_PASSES, new byte[200]),
                steps(0, MESSAGE, data, MESSAGE, request, MESSAGE, text("de"), MESSAGE, text("i1e")),
                steps(SERVE, MESSAGE, request, MESSAGE, text("d8:msg_typei0e5:piecei0ee"), MESSAGE, reject),
                steps(SERVE, MESSAGE, text("d8:msg_typei0e5:piecei-1ee"), MESSAGE, data, TIME_PASSES, new byte[99]),
                steps(SERVE, MESSAGE, text("d8:msg_typei9e5:piecei0ee"), HANDSHAKE, text("d1:md11:ut_metadatai0eee")));
    }

    private static byte[] text(String latin1) {
        return latin1.getBytes(ISO_8859_1);
    }

    /** Returns the payload of a frame without its prefix, id and number. */
    private static byte[] payload(String vector) {
        return HexFormat.of().parseHex(vector.substring(12));
    }

    private static byte[] steps(int settings, Object... kindsAndBytes) {
        ByteBuf out = Unpooled.buffer().writeByte(settings);
        for (int i = 0; i < kindsAndBytes.length; i += 2) {
            byte[] bytes = (byte[]) kindsAndBytes[i + 1];
            out.writeByte((Integer) kindsAndBytes[i]).writeShort(bytes.length).writeBytes(bytes);
        }
        byte[] input = new byte[out.readableBytes()];
        out.readBytes(input);
        return input;
    }

    @MethodSource("seeds")
    @FuzzTest
    void whateverAPeerSendsThereIsOneResult(byte[] input) {
        ByteBuf in = Unpooled.wrappedBuffer(input);
        boolean serves = in.isReadable() && (in.readByte() & SERVE) != 0;
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        UtMetadata extension = serves ? UtMetadata.serving(INFO) : UtMetadata.fetching();
        ScriptedPeer peer = ScriptedPeer.dialling(
                        LocalPeer.of(HASH, PeerId.parse("-PW0000-abcdefghijkl")).withExtension(extension))
                .handshake(Features.DEFAULT);
        try {
            if (serves) {
                serve(extension, peer, in);
            } else {
                fetch(peer, in);
            }
        } finally {
            peer.dispose();
            Hooks.resetOnErrorDropped();
        }
        assertThat(dropped).as("dropped errors").isEmpty();
        LeakDetector.check();
    }

    // ---- a fetch ----

    private static void fetch(ScriptedPeer peer, ByteBuf in) {
        MetadataOptions options =
                MetadataOptions.builder().scheduler(peer.clock()).build();
        List<Object> results = new ArrayList<>();
        UtMetadata.fetch(peer.wire(), options).subscribe(results::add, results::add, () -> results.add("complete"));
        while (in.readableBytes() >= 3) {
            step(peer, in);
            peer.received();
        }
        peer.advance(options.idleTimeout().plusSeconds(2));
        assertThat(results).isNotEmpty();
        if (results.get(0) instanceof Metadata metadata) {
            assertThat(metadata.info()).isEqualTo(INFO);
            assertThat(results).containsExactly(metadata, "complete");
        } else {
            assertThat(results).hasSize(1);
            assertThat(results.get(0)).isInstanceOf(MetadataException.class);
        }
    }

    // ---- serving ----

    private static void serve(UtMetadata extension, ScriptedPeer peer, ByteBuf in) {
        MetadataOptions options =
                MetadataOptions.builder().scheduler(peer.clock()).build();
        List<Object> ends = new ArrayList<>();
        extension.serve(peer.wire(), options).subscribe(null, ends::add, () -> ends.add("completed"));
        peer.send(new Message.Extended(0, Unpooled.wrappedBuffer(text("d1:md11:ut_metadatai3eee"))));
        peer.received();
        while (in.readableBytes() >= 3) {
            ByteBuf said = step(peer, in);
            List<Message> answers = peer.received().stream()
                    .filter(Message.Extended.class::isInstance)
                    .toList();
            boolean asked = said != null && Wires.decode(said) instanceof MetadataMessage.Request;
            assertThat(answers).hasSizeLessThanOrEqualTo(asked ? 1 : 0);
            if (said != null && !answers.isEmpty()) {
                assertAnswer(said, (Message.Extended) answers.get(0));
            }
        }
        peer.close();
        assertThat(ends)
                .hasSize(1)
                .allMatch(end ->
                        end.equals("completed") || end instanceof WireException || end instanceof MetadataException);
    }

    private static void assertAnswer(ByteBuf said, Message.Extended answer) {
        said.readerIndex(0);
        long asked = Wires.decode(said) instanceof MetadataMessage.Request request ? request.piece() : -1;
        MetadataMessage message = Wires.decode(answer.payload().duplicate());
        if (message instanceof MetadataMessage.Data data) {
            assertThat(data.piece()).isEqualTo(asked);
            assertThat(data.totalSize()).isEqualTo(INFO.length);
            int from = (int) asked * MetadataMessage.PIECE_LENGTH;
            assertThat(Unpooled.wrappedBuffer(data.bytes()))
                    .isEqualTo(Unpooled.wrappedBuffer(INFO, from, data.bytes().length));
            assertThat(data.bytes()).hasSize(MetadataMessage.length(INFO.length, (int) asked));
        } else {
            assertThat(message).isEqualTo(new MetadataMessage.Reject(asked));
        }
    }

    // ---- the peer ----

    /** Runs a step. Returns the payload of a message that has reached the wire, or null. */
    private static @Nullable ByteBuf step(ScriptedPeer peer, ByteBuf in) {
        int kind = in.readUnsignedByte() % 4;
        ByteBuf bytes = in.readSlice(Math.min(in.readUnsignedShort(), in.readableBytes()));
        if (peer.isClosed()) {
            return null;
        }
        switch (kind) {
            case MESSAGE -> peer.send(new Message.Extended(OUR_NUMBER, bytes.copy()));
            case HANDSHAKE -> peer.send(new Message.Extended(0, bytes.copy()));
            case HONEST_PIECE -> {
                int piece = bytes.isReadable() ? bytes.getByte(0) & 1 : 0;
                peer.send(new Message.Extended(OUR_NUMBER, MetadataMessage.data(piece, INFO)));
            }
            default -> peer.advance(Duration.ofSeconds(bytes.readableBytes()));
        }
        return kind == MESSAGE ? bytes : null;
    }
}
