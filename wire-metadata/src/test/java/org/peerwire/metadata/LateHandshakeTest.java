/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.message.Message;
import org.peerwire.metadata.MetadataMessage.Request;

/** Fetches from a peer whose first extended handshake is not enough, or is changed by a later one. */
class LateHandshakeTest extends HostileMetadata {
    private static final byte[] INFO = Infos.ofLength(2 * 16_384, 1);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "de",
                "d1:md11:ut_metadatai9eee",
                "d1:md11:ut_metadatai9ee13:metadata_size5:32768e",
                "d1:md11:ut_metadatai9ee13:metadata_sizei0ee",
                "d1:md11:ut_metadatai0ee13:metadata_sizei32768ee",
                "d1:md11:ut_metadata1:9e13:metadata_sizei32768ee",
                "d1:md11:ut_metadatai300ee13:metadata_sizei32768ee",
                "d13:metadata_sizei32768ee",
                "d1:mi1e13:metadata_sizei32768ee",
                "d1:md11:ut_metadatai9ee13:metadata_sizei32768eX",
            })
    void aLaterHandshakeWithTheMissingPartIsEnough(String first) {
        connect(InfoHashes.sha1(INFO), fetching);
        fetch();
        send(first);
        peer().advance(Duration.ofSeconds(30));
        assertThat(heard()).isEmpty();
        claim("i32768e");
        assertThat(heard()).containsExactly(new Request(0), new Request(1));
    }

    @Test
    void aLaterHandshakeWithOnlyTheSizeIsEnough() {
        connect(InfoHashes.sha1(INFO), fetching);
        fetch();
        claim("5:32768");
        assertThat(heard()).isEmpty();
        send("d13:metadata_sizei32768ee");
        assertThat(heard()).containsExactly(new Request(0), new Request(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "13:metadata_sizei32768e"})
    void requestsAreSentAgainWithTheIdOfALaterHandshake(String size) {
        connect(InfoHashes.sha1(INFO), fetching);
        fetch();
        claim("i32768e");
        assertThat(heard()).hasSize(2);
        send("d1:md11:ut_metadatai5ee" + size + "e");
        assertThat(heardWith(5)).containsExactly(new Request(0), new Request(1));
        sayData(INFO, 0);
        sayData(INFO, 1);
        assertThat(found).hasSize(1);
        assertThat(fetching.ignored()).isEmpty();
    }

    @Test
    void anExtensionThatIsWithdrawnAndListedAgainIsUsedAtOnce() {
        connect(InfoHashes.sha1(INFO), fetching);
        fetch();
        claim("i32768e");
        assertThat(heard()).hasSize(2);
        send("d1:md11:ut_metadatai0eee");
        peer().advance(Duration.ofSeconds(1));
        assertThat(heard()).isEmpty();
        send("d1:md11:ut_metadatai5eee");
        assertThat(heardWith(5)).containsExactly(new Request(0), new Request(1));
    }

    @Test
    void a49_aPeerThatChangesItsIdAgainAndAgainIsAskedThreeTimes() {
        connect(InfoHashes.sha1(INFO), fetching);
        fetch();
        claim("i32768e");
        int requests = heard().size();
        for (int id = 10; id < 40; id++) {
            send("d1:md11:ut_metadatai" + id + "eee");
            requests += heardWith(id).size();
            peer().advance(Duration.ofSeconds(1));
        }
        assertThat(requests).isEqualTo(2 * MetadataPeer.MAX_ASKS);
        assertThat(failures).hasSize(1);
    }

    private void send(String handshake) {
        peer().send(new Message.Extended(0, bytes(handshake)));
    }

    private List<MetadataMessage> heardWith(int id) {
        List<MetadataMessage> heard = new ArrayList<>();
        for (Message message : peer().received()) {
            if (message instanceof Message.Extended extended && extended.id() == id) {
                heard.add(Wires.decode(extended.payload()));
            }
        }
        return heard;
    }
}
