/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.internal.encryption.ExchangeTest.join;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.EncryptionKeys;
import org.peerwire.EncryptionMethod;
import org.peerwire.InfoHash;
import org.peerwire.internal.encryption.Exchange.Outcome;

/**
 * Recorded exchanges of libtorrent 2.0.8, Transmission 3.00 and WebTorrent 1.9.7, played again with the keys of then.
 */
class RecordedExchangesTest {

    private static Properties read(String name) throws IOException {
        Properties session = new Properties();
        try (InputStream in = RecordedExchangesTest.class.getResourceAsStream(name + ".properties")) {
            assertThat(in).as(name).isNotNull();
            session.load(in);
        }
        return session;
    }

    private static byte[] bytes(Properties session, String key) {
        return Vector.hex(session.getProperty(key));
    }

    private static List<EncryptionMethod> methods(Properties session, String key) {
        int bits = Integer.parseInt(session.getProperty(key));
        return Arrays.stream(EncryptionMethod.values())
                .filter(method -> (method.bit() & bits) != 0)
                .toList();
    }

    private static Randomness randomness(Properties session) {
        return Vector.fixed(bytes(session, "x"), bytes(session, "pad1"), bytes(session, "pad2"));
    }

    // case 106
    @ParameterizedTest
    @ValueSource(
            strings = {
                "libtorrent-dialled",
                "libtorrent-dialled-plaintext",
                "transmission-dialled",
                "webtorrent-dialled"
            })
    void clientsWeDialAreUnderstood(String name) throws IOException {
        Properties session = read(name);
        InfoHash torrent = InfoHash.parse(session.getProperty("torrent"));
        for (int read : new int[] {1, 13, 96}) {
            Side side = new Side(new Initiator(
                    torrent, methods(session, "provide"), bytes(session, "payload"), randomness(session)));

            feed(side, bytes(session, "theirs"), read);

            assertSpoken(session, side, read);
        }
    }

    // case 106
    @ParameterizedTest
    @ValueSource(strings = {"libtorrent-dials", "transmission-dials", "webtorrent-dials"})
    void clientsThatDialUsAreUnderstood(String name) throws IOException {
        Properties session = read(name);
        EncryptionKeys keys = EncryptionKeys.of(InfoHash.parse(session.getProperty("torrent")));
        for (int read : new int[] {1, 13, 96}) {
            Side side =
                    new Side(new Responder(keys::find, methods(session, "select"), randomness(session), Sha1.DIGEST));

            feed(side, bytes(session, "theirs"), read);

            assertSpoken(session, side, read);
        }
    }

    private static void feed(Side side, byte[] theirs, int read) {
        for (int i = 0; i < theirs.length; i += read) {
            side.feed(Arrays.copyOfRange(theirs, i, Math.min(theirs.length, i + read)));
        }
    }

    private static void assertSpoken(Properties session, Side side, int read) {
        Outcome outcome = side.outcome();
        byte[] behind = side.left();
        if (outcome.method() == EncryptionMethod.RC4) {
            outcome.decrypt().apply(behind);
        }
        assertThat(List.of(outcome.method())).isEqualTo(methods(session, "select"));
        assertThat(side.take()).as("reads of %s", read).isEqualTo(bytes(session, "ours"));
        assertThat(join(outcome.payload(), behind)).isEqualTo(bytes(session, "plain"));
    }
}
