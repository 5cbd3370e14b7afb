/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.peerwire.LocalPeer;
import org.peerwire.PerWire;
import org.peerwire.Wire;
import org.peerwire.extension.Extension;
import org.peerwire.extension.ExtensionChannel;
import org.peerwire.extension.IgnoredCounts;
import org.peerwire.pex.HolepunchMessage.Type;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The extension {@code ut_holepunch} (BEP 55). A relay with wires to two peers introduces them, and both dial each
 * other at the same time. Add the extension to a wire with {@link LocalPeer#withExtension}, dial the addresses of
 * {@link #connects(Wire)}, and ask a relay with {@link #rendezvous}. {@link HolepunchRelay} introduces others. Sends
 * and reads nothing in private torrents (BEP 27).
 *
 * <pre>{@code
 * LocalPeer self = LocalPeer.of(infoHash, peerId).withExtension(UtHolepunch.create());
 * UtHolepunch.connects(relay)
 *     .flatMap(peer -> client.connect(peer, self).onErrorComplete(), 8)
 *     .subscribe(this::use);
 * UtHolepunch.rendezvous(relay, target).subscribe();
 * }</pre>
 *
 * <p>BEP 55 uses uTP, which this library does not support. Over TCP, the extension opens NATs that let two
 * connection attempts cross, and reaches peers that one side can dial anyway.
 *
 * <p>One object can serve any number of wires. Each message of a wire is decoded once for all subscribers, and
 * {@link #ignored()} counts the anomalies of all wires together. Thread-safe.
 */
public final class UtHolepunch implements Extension {
    /** The name of the extension. */
    public static final String NAME = "ut_holepunch";

    /** The timeout of {@link #rendezvous}: 10 s. */
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** The maximum number of addresses accepted from one relay in a minute. */
    private static final int CONNECTS = 10;

    /** A message has at most 24 bytes; more are tolerated. */
    private static final int MAX_MESSAGE_LENGTH = 1024;

    private final PexOptions options;
    private final IgnoredCounts<HolepunchIgnored> ignored = IgnoredCounts.of(HolepunchIgnored.class);
    private final PerWire<HolepunchInbox> inboxes =
            PerWire.of(wire -> new HolepunchInbox(wire, wire.extension(NAME), this::count));

    private UtHolepunch(PexOptions options) {
        this.options = options;
    }

    /** Creates the extension with {@link PexOptions#defaults()}. */
    public static UtHolepunch create() {
        return create(PexOptions.defaults());
    }

    /**
     * Creates the extension with options for all its wires. Uses {@link PexOptions#scheduler()} and
     * {@link PexOptions#policy()} only.
     */
    public static UtHolepunch create(PexOptions options) {
        return new UtHolepunch(options);
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Returns 1,024 bytes. */
    @Override
    public int maxMessageLength() {
        return MAX_MESSAGE_LENGTH;
    }

    /** Returns false (BEP 27). */
    @Override
    public boolean allowedInPrivateTorrents() {
        return false;
    }

    /** Returns the number of anomalies on all wires of this object, without the kinds that did not occur. */
    public Map<HolepunchIgnored, Long> ignored() {
        return ignored.toMap();
    }

    /**
     * Asks a relay on subscription to introduce us to a peer (BEP 55). The relay then tells both of us to connect,
     * which {@link #connects(Wire)} emits; subscribe to it before.
     *
     * @param relay a wire to a peer that supports the extension and is connected to the target
     * @param target the address by which the relay knows the target, such as the one it sent by peer exchange; of the
     *     same address family as the relay
     * @return completes on the event loop of the wire when the relay tells us to connect to the target. Fails with
     *     {@link HolepunchException} when the relay answers with an error, does not answer within {@link #TIMEOUT}, or
     *     the wire ends in order before the answer; with {@link IllegalStateException} when the peer does not support
     *     the extension or the torrent is private; with the error that ended the wire. After a cancellation, an answer
     *     has no effect
     * @throws IllegalArgumentException if the wire does not have the extension, or the target is unresolved or has
     *     port 0
     */
    public static Mono<Void> rendezvous(Wire relay, InetSocketAddress target) {
        UtHolepunch extension = relay.extension(UtHolepunch.class);
        if (target.isUnresolved() || target.getPort() == 0) {
            throw new IllegalArgumentException("target must be a resolved address with a port above 0, was " + target);
        }
        return Mono.defer(() -> extension.ask(relay, target));
    }

    private Mono<Void> ask(Wire relay, InetSocketAddress target) {
        if (PrivateTorrents.isPrivate(relay)) {
            return Mono.error(new IllegalStateException(NAME + " must not be used in a private torrent"));
        }
        ExtensionChannel channel = relay.extension(NAME);
        Mono<Void> answer = messages(relay)
                .filter(message ->
                        message.type() != Type.RENDEZVOUS && message.peer().equals(target))
                .next()
                .switchIfEmpty(Mono.error(
                        () -> HolepunchException.unanswered("the wire ended before the relay answered for " + target)))
                .flatMap(message -> message.type() == Type.CONNECT
                        ? Mono.empty()
                        : Mono.error(HolepunchException.refused(message)));
        Mono<Void> late = Mono.error(() -> HolepunchException.unanswered(
                "the relay did not answer for " + target + " within " + TIMEOUT.toSeconds() + " s"));
        // Subscribe before sending, so that no answer is missed. An answer counts also before the send has completed.
        Mono<Void> asked = Mono.defer(
                        () -> channel.send(HolepunchMessage.rendezvous(target).encode()))
                .then(Mono.never());
        return Mono.firstWithSignal(answer, asked).timeout(TIMEOUT, late, options.scheduler());
    }

    /**
     * Returns the addresses that a relay tells us to dial, from the subscription on (BEP 55). They answer our own
     * {@link #rendezvous} or that of another peer. Emits only addresses that {@link PexOptions#policy()} accepts,
     * without our own end of the wire. Emits each address once in 60 s, and at most 10 addresses in 60 s. Others are
     * ignored and {@linkplain #ignored() counted}. Emits nothing in a private torrent (BEP 27).
     *
     * <p>Nobody has checked that a peer is at such an address. Do not dial a peer to which a wire exists (BEP 55).
     *
     * <p>Signals come on the event loop of the wire. A subscriber without demand slows the peer down, as with
     * {@link Wire#inbound()}. Each subscriber has its own memory of 10 addresses.
     *
     * @return completes when the wire ends in order; fails with the error that ended the wire
     * @throws IllegalArgumentException if the wire does not have the extension
     */
    public static Flux<InetSocketAddress> connects(Wire wire) {
        UtHolepunch extension = wire.extension(UtHolepunch.class);
        return Flux.defer(() -> {
            RecentAddresses recent = new RecentAddresses(CONNECTS);
            return extension
                    .messages(wire)
                    .filter(message -> message.type() == Type.CONNECT)
                    .map(HolepunchMessage::peer)
                    .filter(peer -> extension.accepts(peer, wire, recent));
        });
    }

    private boolean accepts(InetSocketAddress peer, Wire wire, RecentAddresses recent) {
        if (PeerAddresses.isOurs(wire, peer) || !options.policy().accept(peer, wire.remoteAddress())) {
            count(HolepunchIgnored.REFUSED);
            return false;
        }
        if (!recent.take(peer, now(options.scheduler()))) {
            count(HolepunchIgnored.TOO_OFTEN);
            return false;
        }
        return true;
    }

    /** Returns the messages of a wire, decoded once for all subscribers. */
    Flux<HolepunchMessage> messages(Wire wire) {
        return inboxes.get(wire).messages();
    }

    static long now(Scheduler clock) {
        return clock.now(TimeUnit.MILLISECONDS);
    }

    void count(HolepunchIgnored reason) {
        ignored.count(reason);
    }
}
