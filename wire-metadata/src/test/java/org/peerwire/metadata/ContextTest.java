/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.InfoHash;
import org.peerwire.Wire;
import org.peerwire.test.FakeWire;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The Reactor context of a subscriber reaches everything that is subscribed to for it. */
class ContextTest {
    private static final byte[] INFO = Infos.ofLength(20_000, 1);
    private static final InfoHash HASH = InfoHashes.sha1(INFO);

    private final ContextProbe probe = new ContextProbe();
    private final UtMetadata extension = UtMetadata.fetching();
    private final FakeWire fake = Wires.open(HASH, extension);
    private final Wire wire = probe.around(fake);

    @ParameterizedTest
    @ValueSource(strings = {"candidates", "onClose", "extendedHandshakes", "inbound", "send"})
    void reachesWhatAFetchSubscribesTo(String path) {
        extension.channels.get(wire); // its own subscriptions are for all users of the wire
        int before = probe.seen(path).size();
        MetadataOptions options = MetadataOptions.builder()
                .scheduler(VirtualTimeScheduler.create())
                .build();
        Flux<Wire> candidates = probe.around("candidates", Flux.just(wire));
        Disposable fetch = UtMetadata.fetch(candidates, InfoHashes.of(HASH), options)
                .contextWrite(context -> context.put(ContextProbe.KEY, "mine"))
                .subscribe();
        Wires.claim(fake, INFO.length);
        assertThat(probe.seen(path)).hasSizeGreaterThan(before);
        assertThat(probe.seen(path).subList(before, probe.seen(path).size())).containsOnly("mine");
        fetch.dispose();
    }

    @Test
    void reachesTheOperatorsAfterAFetch() {
        FakeWire answering = Wires.answering(HASH, INFO.length, Swarm.honest(INFO));
        String seen = UtMetadata.fetch(answering)
                .flatMapMany(found -> probe.around("after", Flux.just("found")))
                .contextWrite(context -> context.put(ContextProbe.KEY, "mine"))
                .blockLast();
        assertThat(seen).isEqualTo("found");
        assertThat(probe.seen("after")).containsExactly("mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"onClose", "inbound", "send", "readvertise"})
    void reachesWhatAServerSubscribesTo(String path) {
        extension.channels.get(wire);
        int before = probe.seen(path).size();
        Disposable serving = extension
                .serve(wire)
                .contextWrite(context -> context.put(ContextProbe.KEY, "mine"))
                .subscribe();
        Wires.claim(fake, 0);
        Wires.say(fake, MetadataMessage.request(0));
        extension.provide(INFO);
        assertThat(probe.seen(path)).hasSizeGreaterThan(before);
        assertThat(probe.seen(path).subList(before, probe.seen(path).size())).contains("mine");
        serving.dispose();
    }
}
