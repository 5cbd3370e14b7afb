/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.peerwire.InfoHash;
import org.peerwire.metadata.InfoHashV2;
import org.peerwire.metadata.InfoHashes;

/** A JSON object for one line of ASCII, so that neither a locale nor a terminal changes its texts. */
final class JsonLine {
    private final ObjectMapper json =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private final ObjectNode node = json.createObjectNode();

    /** Returns the object to fill. */
    ObjectNode node() {
        return node;
    }

    /** Adds the known info hashes. */
    JsonLine hashes(InfoHashes hashes) {
        InfoHash v1 = hashes.v1();
        InfoHashV2 v2 = hashes.v2();
        if (v1 != null) {
            node.put("infoHash", v1.toString());
        }
        if (v2 != null) {
            node.put("infoHashV2", v2.toString());
        }
        return this;
    }

    /** Adds texts under a key. */
    JsonLine texts(String key, List<String> values) {
        values.forEach(node.putArray(key)::add);
        return this;
    }

    /** Adds the trackers: a list of tiers, each a list of URLs. */
    JsonLine trackers(List<List<String>> tiers) {
        ArrayNode list = node.putArray("trackers");
        for (List<String> tier : tiers) {
            tier.forEach(list.addArray()::add);
        }
        return this;
    }

    /** Returns the object without line breaks. */
    @Override
    public String toString() {
        try {
            return json.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers can always be written", e);
        }
    }
}
