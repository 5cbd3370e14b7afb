/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.kit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.peerwire.Features;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.message.Message;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.metadata.Metadata;
import org.peerwire.metadata.MetadataOptions;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.UtMetadata;
import org.peerwire.test.ScriptedPeer;
import org.peerwire.test.WirePair;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Shows how to test a fetch of metadata from a lying peer that answers first and an honest one that answers later. */
class LyingMetadataPeerTest {
    private static final String INFO = "d6:lengthi5e4:name5:a.txt12:piece lengthi16384e6:pieces20:%se";
    private static final byte[] TRUTH = INFO.formatted("x".repeat(20)).getBytes(US_ASCII);
    private static final byte[] LIE = INFO.formatted("y".repeat(20)).getBytes(US_ASCII);
    private static final byte[] DATA = "d8:msg_typei1e5:piecei0e10:total_sizei79ee".getBytes(US_ASCII);
    private static final InfoHashes HASHES = Torrent.fromInfo(TRUTH).hashes();

    // tag::test[]
    @Test
    void theHonestPeerWins() {
        LocalPeer self = peer(UtMetadata.fetching());
        ScriptedPeer liar = ScriptedPeer.dialledBy(self).handshake(Features.DEFAULT);
        ExtendedHandshake.Builder has = ExtendedHandshake.builder().extension("ut_metadata", 2);
        liar.send(has.metadataSize(LIE.length).build()).expectExtendedHandshake();

        UtMetadata served = UtMetadata.serving(TRUTH);
        WirePair honest = WirePair.open(self, peer(served));
        served.serve(honest.responder()).subscribe();
        honest.toInitiator().hold();

        MetadataOptions options =
                MetadataOptions.builder().scheduler(liar.clock()).build();
        StepVerifier.create(UtMetadata.fetch(Flux.just(liar.wire(), honest.initiator()), HASHES, options))
                .then(() -> liar.expect(Message.Extended.class))
                .then(() -> liar.sendExtended("ut_metadata", Unpooled.wrappedBuffer(DATA, LIE)))
                .then(() -> honest.toInitiator().letGo())
                .then(() -> liar.advance(Duration.ofSeconds(5)))
                .expectNext(Metadata.of(TRUTH, HASHES))
                .verifyComplete();
        honest.dispose();
        liar.dispose();
    }
    // end::test[]

    private static LocalPeer peer(UtMetadata metadata) {
        return LocalPeer.of(HASHES.wire(), PeerId.random()).withExtension(metadata);
    }
}
