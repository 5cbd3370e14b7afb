/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.test.WirePair;
import reactor.core.publisher.Mono;

/**
 * A program with two wires in memory: one requests a block of text, the other serves it. Runs on the calling thread.
 */
public final class TwoWiresInMemory {
    private TwoWiresInMemory() {}

    /** Runs the program. */
    public static void main(String[] args) {
        InfoHash torrent = InfoHash.parse("0123456789abcdef0123456789abcdef01234567");
        WirePair pair = WirePair.open(LocalPeer.of(torrent, PeerId.random()), LocalPeer.of(torrent, PeerId.random()));
        Wire leech = pair.initiator();
        Wire seed = pair.responder();

        byte[] text = "hello, wire".getBytes(StandardCharsets.US_ASCII);
        seed.blocks().serve(request -> Mono.just(Unpooled.wrappedBuffer(text))).subscribe();
        seed.outbound().send(new Message.Unchoke()).subscribe();
        leech.states().subscribe(state -> System.out.println("the leech sees " + state));
        leech.blocks()
                .request(new BlockRequest(0, 0, text.length))
                .subscribe(block -> System.out.println(
                        block.request() + " is \"" + block.data().toString(StandardCharsets.US_ASCII) + "\""));

        pair.advance(Duration.ofMinutes(2)); // time passes only here: past a keep-alive
        System.out.println("the seed received " + seed.stats().messagesIn() + " messages");
        pair.dispose();
    }
}
