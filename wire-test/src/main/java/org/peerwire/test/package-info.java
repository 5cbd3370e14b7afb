/* SPDX-License-Identifier: MIT */
/**
 * A test kit for programs that use Peerwire. Read in this order:
 *
 * <ul>
 *   <li>{@link org.peerwire.test.WirePair}: two wires in memory on the calling thread, with a virtual clock.
 *   <li>{@link org.peerwire.test.Line}: one direction between them, with delay, bandwidth and
 *       {@linkplain org.peerwire.test.Fault faults}.
 *   <li>{@link org.peerwire.test.ScriptedPeer}: a peer in memory that sends and expects messages as the test says.
 *       {@link org.peerwire.test.SocketPeer} is the same over TCP.
 *   <li>{@link org.peerwire.test.TestSwarm}: a network of hosts in memory, with {@linkplain org.peerwire.test.TestPeer
 *       peers} that are honest or hostile.
 *   <li>{@link org.peerwire.test.FakeWire}: a wire without a connection, for unit tests of extensions.
 *   <li>{@link org.peerwire.test.MessageAssert} and {@link org.peerwire.test.Vectors}: the bytes of messages.
 * <li>{@link org.peerwire.test.Storm}: hostile connections to a port. {@link org.peerwire.test.WiresOnHeap} counts the
 * wires that are left.
 *   <li>{@link org.peerwire.leaks.LeakExtension}: buffers that are not released.
 * </ul>
 *
 * <p>A consumer of peer exchange and its test:
 *
 * <pre>{@code
 * private static Flux<Set<InetSocketAddress>> candidates(Wire wire) {
 *     Set<InetSocketAddress> all = new LinkedHashSet<>();
 *     return UtPex.events(wire)
 *             .map(event -> event instanceof PeerEvent.Added ? all.add(event.peer()) : all.remove(event.peer()))
 *             .map(changed -> Set.copyOf(all));
 * }
 *
 * @Test
 * void whoIsDroppedIsNotDialled() {
 *     ScriptedPeer peer = ScriptedPeer.dialledBy(self).handshake(Features.DEFAULT);
 *
 *     StepVerifier.create(candidates(peer.wire()))
 *             .then(() -> peer.sendExtended("ut_pex", pex("added", "500404c8 1ae1")))
 *             .expectNext(Set.of(TOLD))
 *             .then(() -> peer.advance(Duration.ofMinutes(1)))
 *             .then(() -> peer.sendExtended("ut_pex", pex("dropped", "500404c8 1ae1")))
 *             .expectNext(Set.of())
 *             .then(peer::close)
 *             .verifyComplete();
 * }
 * }</pre>
 *
 * <p>A fetch of metadata from a lying peer and an honest peer. The test delays the honest answer until the lie has
 * arrived:
 *
 * <pre>{@code
 * @Test
 * void theHonestPeerWins() {
 *     LocalPeer self = peer(UtMetadata.fetching());
 *     ScriptedPeer liar = ScriptedPeer.dialledBy(self).handshake(Features.DEFAULT);
 *     ExtendedHandshake.Builder has = ExtendedHandshake.builder().extension("ut_metadata", 2);
 *     liar.send(has.metadataSize(LIE.length).build()).expectExtendedHandshake();
 *
 *     UtMetadata served = UtMetadata.serving(TRUTH);
 *     WirePair honest = WirePair.open(self, peer(served));
 *     served.serve(honest.responder()).subscribe();
 *     honest.toInitiator().hold();
 *
 *     MetadataOptions options = MetadataOptions.builder().scheduler(liar.clock()).build();
 *     StepVerifier.create(UtMetadata.fetch(Flux.just(liar.wire(), honest.initiator()), HASHES, options))
 *             .then(() -> liar.expect(Message.Extended.class))
 *             .then(() -> liar.sendExtended("ut_metadata", Unpooled.wrappedBuffer(DATA, LIE)))
 *             .then(() -> honest.toInitiator().letGo())
 *             .then(() -> liar.advance(Duration.ofSeconds(5)))
 *             .expectNext(Metadata.of(TRUTH, HASHES))
 *             .verifyComplete();
 *     honest.dispose();
 *     liar.dispose();
 * }
 * }</pre>
 *
 * <p>A download to a disk that takes a second per block:
 *
 * <pre>{@code
 * private static Flux<Integer> download(Wire wire, Scheduler clock) {
 *     Flux<BlockRequest> wanted = Flux.range(0, 3).map(piece -> block(piece));
 *     return wire.blocks()
 *             .download(wanted)
 *             .concatMap(block -> Mono.delay(Duration.ofSeconds(1), clock).thenReturn(block.piece()), 0);
 * }
 *
 * @Test
 * void theNextBlockIsAskedForWhenTheDiskHasTakenTheLast() {
 *     ScriptedPeer seed = ScriptedPeer.dialledBy(self, options -> options.downloadBuffer(0), wire -> {})
 *             .handshake(Features.NONE)
 *             .send(new Message.Unchoke());
 *
 *     StepVerifier.create(download(seed.wire(), seed.clock()))
 *             .then(() -> seed.expect(request(0)).expectNothing().send(piece(0)))
 *             .then(() -> seed.advance(Duration.ofMillis(999)).expectNothing())
 *             .then(() -> seed.advance(Duration.ofMillis(1)))
 *             .expectNext(0)
 *             .then(() -> seed.expect(request(1)).expectNothing())
 *             .thenCancel()
 *             .verify();
 *     seed.expect(new Message.Cancel(block(1))).dispose();
 * }
 * }</pre>
 *
 * <p>The complete test classes are in the module {@code examples}.
 */
@NullMarked
package org.peerwire.test;

import org.jspecify.annotations.NullMarked;
