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
 * The extension {@code ut_holepunch} (BEP 55): two peers that cannot dial each other are introduced by a third, the relay,
 * that has a wire to both, and then dial each other at the same time. Give it to a wire with
 * {@link LocalPeer#withExtension}, dial what {@link #connects(Wire)} says, ask with {@link #rendezvous}, and let a
 * {@link HolepunchRelay} introduce others. Never used in private torrents (BEP 27).
 *
 * <pre>{@code
 * LocalPeer self = LocalPeer.of(infoHash, peerId).withExtension(UtHolepunch.create());
 * UtHolepunch.connects(relay)
 *     .flatMap(peer -> client.connect(peer, self).onErrorComplete(), 8)
 *     .subscribe(this::use);
 * UtHolepunch.rendezvous(relay, target).subscribe();
 * }</pre>
 *
 * <p>BEP 55 has both sides dial by uTP, which this library does not speak: by TCP it opens the NATs that let two
 * connection attempts cross, and reaches peers that one side could have dialled anyway.
 *
 * <p>One object may serve any number of wires; it counts for all of them what was {@link #ignored()}.
 */
public final class UtHolepunch implements Extension {
    /** The name of the extension. */
    public static final String NAME = "ut_holepunch";

    /** How long {@link #rendezvous} waits for the relay: 10 s. */
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Addresses taken from one relay in a minute at most: what it would itself do for one peer. */
    private static final int CONNECTS = 10;

    /** A message has 24 bytes at most; more is tolerated. */
    private static final int MAX_MESSAGE_LENGTH = 1024;

    private final PexOptions options;
    private final IgnoredCounts<HolepunchIgnored> ignored = IgnoredCounts.of(HolepunchIgnored.class);
    private final PerWire<HolepunchInbox> inboxes =
            PerWire.of(wire -> new HolepunchInbox(wire, wire.extension(NAME), this::count));

    private UtHolepunch(PexOptions options) {
        this.options = options;
    }

    /** The extension with {@link PexOptions#defaults()}. */
    public static UtHolepunch create() {
        return create(PexOptions.defaults());
    }

    /**
     * The extension with the {@link PexOptions#scheduler()} and the {@link PexOptions#policy()} of these options, which
     * hold for every wire it is given to; the rest of them is not used.
     */
    public static UtHolepunch create(PexOptions options) {
        return new UtHolepunch(options);
    }

    @Override
    public String name() {
        return NAME;
    }

    /** {@inheritDoc} 1,024 bytes. */
    @Override
    public int maxMessageLength() {
        return MAX_MESSAGE_LENGTH;
    }

    /** {@inheritDoc} Never: it tells peers where others are. */
    @Override
    public boolean allowedInPrivateTorrents() {
        return false;
    }

    /**
     * How often something was ignored by {@link #connects(Wire)} and a {@link HolepunchRelay} on any wire of this object;
     * what never was is absent.
     */
    public Map<HolepunchIgnored, Long> ignored() {
        return ignored.toMap();
    }

    /**
     * Asks the peer of a wire on subscription to introduce us to another. When it does, both it and we are told to
     * connect: dial what {@link #connects(Wire)} says, which has to be subscribed to before.
     *
     * @param relay a wire to a peer that speaks the extension and is said to be connected to the target
     * @param target where the relay knows the target, such as the address it has told by peer exchange; of the same
     *     address family as the relay
     * @return completes on the wire's event loop when the relay says to connect to the target. Fails with
     *     {@link HolepunchException} when it answers with an error, not within {@link #TIMEOUT}, or not before the wire
     *     ends in order; with {@link IllegalStateException} when the peer does not support the extension or the torrent is
     *     private; with what else ends the wire. After a cancellation a late answer has no effect here
     * @throws IllegalArgumentException if the wire does not have the extension, or the target is unresolved or has port 0
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
            return Mono.error(new IllegalStateException("no " + NAME + " in a private torrent"));
        }
        ExtensionChannel channel = relay.extension(NAME);
        Mono<Void> answer = messages(relay)
                .filter(message ->
                        message.type() != Type.RENDEZVOUS && message.peer().equals(target))
                .next()
                .switchIfEmpty(Mono.error(
                        () -> HolepunchException.unanswered("the wire ended before the relay answered on " + target)))
                .flatMap(message -> message.type() == Type.CONNECT
                        ? Mono.empty()
                        : Mono.error(HolepunchException.refused(message)));
        Mono<Void> late = Mono.error(() -> HolepunchException.unanswered(
                "no answer of the relay on " + target + " in " + TIMEOUT.toSeconds() + " s"));
        // Listening first, so that no answer is missed. The answer counts also if the sending is not yet told as done.
        Mono<Void> asked = Mono.defer(
                        () -> channel.send(HolepunchMessage.rendezvous(target).encode()))
                .then(Mono.never());
        return Mono.firstWithSignal(answer, asked).timeout(TIMEOUT, late, options.scheduler());
    }

    /**
     * The addresses the peer of a wire, as a relay, tells us to dial, from the subscription on: those we have asked for
     * with {@link #rendezvous}, and those of peers that have asked for us. Only what {@link PexOptions#policy()} accepts,
     * not our own end of the wire, each address once in 60 s, and at most 10 in 60 s; more is ignored and
     * {@linkplain #ignored() counted}. In a private torrent nothing comes.
     *
     * <p>That is a rumour like all of peer exchange: nobody has checked that there is a peer at the address. Leave out
     * those you have a wire to, as BEP 55 asks.
     *
     * <p>Signals come on the wire's event loop. A subscriber without demand slows the peer, as with
     * {@link Wire#inbound()}. Each subscriber has a memory of its own, of 10 addresses.
     *
     * @return completes when the wire ends in order; fails with what else ended it
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
        if (peer.equals(wire.localAddress()) || !options.policy().accept(peer, wire.remoteAddress())) {
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
