/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.SHAPE;
import static org.peerwire.test.Fixture.UNSHAPED;
import static org.peerwire.test.Fixture.peer;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.PerWire;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.extension.Extension;

/** Tests the torrent, the extensions and the kept values of a wire. */
class PerWireTest {
    private record Chat(String name) implements Extension {}

    private final List<Wire> made = new ArrayList<>();
    private final PerWire<Object> values = PerWire.of(wire -> {
        made.add(wire);
        return new Object();
    });

    @Test
    void aWireKeepsItsValueUntilItEnds() {
        ScriptedPeer one = peer(PLAIN);
        ScriptedPeer other = peer(PLAIN);

        Object value = values.get(one.wire());
        assertThat(values.get(one.wire())).isSameAs(value).isNotSameAs(values.get(other.wire()));
        assertThat(made).containsExactly(one.wire(), other.wire());
        one.dispose();

        assertThat(values.size()).isEqualTo(1);
        assertThat(values.find(one.wire())).isNull();
        other.reset();
        assertThat(values.size()).isZero();
    }

    @Test
    void nothingIsKeptForAWireThatHasEnded() {
        ScriptedPeer peer = peer(PLAIN);
        peer.dispose();

        assertThat(values.get(peer.wire())).isNotNull();

        assertThat(values.size()).isZero();
    }

    @Test
    void anExtensionIsFoundByItsType() {
        Chat chat = new Chat("xx_chat");
        ScriptedPeer peer = peer(SELF.withExtension(Extension.named("xx_other")).withExtension(chat), PLAIN);

        assertThat(peer.wire().extension(Chat.class)).isSameAs(chat);
        peer.dispose();
    }

    @Test
    void aMissingExtensionIsNamed() {
        ScriptedPeer peer = peer(SELF.withExtension(Extension.named("xx_other")), PLAIN);

        assertThatThrownBy(() -> peer.wire().extension(Chat.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the extensions of the wire must include Chat, were [xx_other]");
        peer.dispose();
    }

    @Test
    void waitingForTheTorrentEndsWithTheWire() {
        ScriptedPeer magnet = peer(UNSHAPED, PLAIN);
        Recorder<TorrentShape> known = Recorder.of(magnet.wire().awaitTorrent());

        magnet.reset();

        assertThat(known.hasCompleted()).isTrue();
        assertThat(known.values()).isEmpty();
        assertThat(Recorder.of(magnet.wire().awaitTorrent()).hasCompleted()).isTrue();
    }

    @Test
    void theTorrentIsKnownOnceItsShapeIsTold() {
        ScriptedPeer magnet = peer(UNSHAPED, PLAIN);
        ScriptedPeer shaped = peer(SELF, PLAIN);

        assertThat(shaped.wire().torrent()).contains(SHAPE);
        assertThat(magnet.wire().torrent()).isEmpty();
        Recorder<TorrentShape> known = Recorder.of(magnet.wire().awaitTorrent());
        assertThat(Recorder.of(shaped.wire().awaitTorrent()).values()).containsExactly(SHAPE);
        assertThat(known.hasEnded()).isFalse();
        magnet.wire().shape(SHAPE).subscribe();

        assertThat(magnet.wire().torrent()).contains(SHAPE);
        assertThat(known.values()).containsExactly(SHAPE);
        magnet.dispose();
        shaped.dispose();
    }
}
