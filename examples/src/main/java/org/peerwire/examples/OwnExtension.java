/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireServer;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.extension.Extension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/**
 * An extension of one's own, {@code xx_chat}: two peers send each other lines of text and confirm them. One object
 * serves any number of wires. The program lets two peers on this machine chat.
 */
// tag::extension[]
public final class OwnExtension implements Extension {
    /** The name of the extension. */
    public static final String NAME = "xx_chat";
    // end::extension[]

    // tag::messages[]
    /** The maximum length of a text, in characters. */
    public static final int MAX_TEXT = 200;

    /** A message of the extension. */
    public sealed interface Said {
        /** A line of text. */
        record Line(long number, String text) implements Said {}

        /** The confirmation of a line. */
        record Seen(long number) implements Said {}
    }
    // end::messages[]

    // tag::receive[]
    /** A field, because subscribers with the same decoder share each decoded message. */
    private final Function<ByteBuf, @Nullable Said> decoder = OwnExtension::decode;
    // end::receive[]

    // tag::extension[]
    @Override
    public String name() {
        return NAME;
    }

    /** Returns 1 KiB: a longer message closes the wire before it has arrived. */
    @Override
    public int maxMessageLength() {
        return 1024;
    }
    // end::extension[]

    // tag::receive[]
    /** Returns what the peer of a wire says, from the subscription on. Skips malformed messages. */
    public Flux<Said> said(Wire wire) {
        return wire.extension(NAME).inbound(decoder);
    }
    // end::receive[]

    // tag::send[]
    /** Sends a message on subscription. Fails with {@link IllegalStateException} if the peer does not chat. */
    public Mono<Void> say(Wire wire, Said message) {
        return Mono.defer(() -> wire.extension(NAME).send(encode(message)));
    }
    // end::send[]

    // tag::receive[]
    /** Confirms each line until the wire ends. Sends one at a time: a peer that does not read them is not read. */
    public Mono<Void> confirm(Wire wire) {
        return said(wire)
                .ofType(Said.Line.class)
                .concatMap(line -> say(wire, new Said.Seen(line.number()))
                        .onErrorComplete(IllegalStateException.class)) // not listed now; it may be listed later
                .then(wire.onClose());
    }
    // end::receive[]

    // tag::send[]
    /** Sends a line when the peer lists the extension, however long that takes. Completes when it is confirmed. */
    public Mono<Void> tell(Wire wire, Said.Line line) {
        Mono<Void> sent = wire.extendedHandshakes()
                .filter(handshake -> handshake.supports(NAME))
                .next()
                .then(say(wire, line)) // without the extension, this fails
                .then(Mono.never());
        Mono<Void> seen = said(wire)
                .filter(new Said.Seen(line.number())::equals)
                .next()
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("the wire ended before the confirmation")))
                .then();
        return Mono.firstWithSignal(seen, sent); // listens before it sends
    }
    // end::send[]

    // tag::codec[]
    private static ByteBuf encode(Said message) {
        BencodeValue value = message instanceof Said.Line line
                ? BencodeValue.dictionary()
                        .put("line", line.number())
                        .put("text", line.text())
                        .build()
                : BencodeValue.dictionary()
                        .put("seen", ((Said.Seen) message).number())
                        .build();
        return Unpooled.wrappedBuffer(value.encoded());
    }

    /** Returns a message, or null if it is malformed. A stranger has sent it, so everything is checked. */
    private static @Nullable Said decode(ByteBuf payload) {
        try {
            BencodeValue value = Bencode.decode(payload, BencodeLimits.DEFAULT).value();
            if (value.getLong("seen").isPresent()) {
                return new Said.Seen(value.getLong("seen").getAsLong());
            }
            String text = value.getText("text").orElse("");
            boolean isLine = value.getLong("line").isPresent() && !text.isEmpty() && text.length() <= MAX_TEXT;
            return isLine ? new Said.Line(value.getLong("line").getAsLong(), text) : null;
        } catch (BencodeException e) {
            return null;
        }
    }
    // end::codec[]

    /** Runs the program. */
    public static void main(String[] args) {
        // tag::use[]
        OwnExtension chat = new OwnExtension();
        InfoHash torrent = InfoHash.parse("0123456789abcdef0123456789abcdef01234567");
        LocalPeer one = LocalPeer.of(torrent, PeerId.random()).withExtension(chat);
        LocalPeer other = LocalPeer.of(torrent, PeerId.random()).withExtension(chat);
        DisposableServer server = WireServer.create()
                .host("127.0.0.1")
                .port(0)
                .admit((theirs, from) -> Mono.just(other))
                .handle(chat::confirm)
                .bindNow();
        Mono.usingWhen(
                        WireClient.create().connect(server.address(), one),
                        wire -> chat.tell(wire, new Said.Line(1, "hello")),
                        Wire::close)
                .block(Duration.ofSeconds(10));
        // end::use[]
        System.out.println("the other side has seen the line");
        server.disposeNow();
    }
}
