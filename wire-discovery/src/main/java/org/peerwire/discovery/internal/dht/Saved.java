/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.bencode.DictionaryBuilder;

/**
 * The ids and nodes that outlive a process, as a dictionary. It has the id and the compact nodes of each family.
 *
 * @param ids our ids
 * @param nodes nodes of both families, at most 512 of each
 */
record Saved(Map<Family, NodeId> ids, List<Node> nodes) {
    static final int MAX_NODES = 512;

    /** The maximum length in bytes that is read. */
    static final int MAX_LENGTH = 64 * 1024;

    private static final BencodeLimits LIMITS = new BencodeLimits(2, 64);

    static Saved none() {
        return new Saved(new EnumMap<>(Family.class), List.of());
    }

    static Saved of(Collection<Side> sides) {
        Map<Family, NodeId> ids = new EnumMap<>(Family.class);
        List<Node> nodes = new ArrayList<>();
        for (Side side : sides) {
            ids.put(side.family(), side.table().own());
            side.table().contacts().stream() // those that do not answer come last: our network may be down
                    .sorted(Comparator.comparing(Contact::isBad))
                    .limit(MAX_NODES)
                    .forEach(contact -> nodes.add(contact.node));
        }
        return new Saved(ids, nodes);
    }

    @Nullable
    NodeId id(Family family) {
        return ids.get(family);
    }

    byte[] encoded() {
        DictionaryBuilder dictionary = BencodeValue.dictionary();
        ids.forEach((family, id) -> {
            dictionary.put(idKey(family), BencodeValue.of(id.bytes()));
            ByteArrayOutputStream compact = new ByteArrayOutputStream();
            for (Node node : nodes) {
                if (Family.of(node.address()) == family) {
                    compact.writeBytes(node.id().bytes());
                    compact.writeBytes(Compact.bytes(node.address()));
                }
            }
            dictionary.put(family.nodesKey, BencodeValue.of(compact.toByteArray()));
        });
        return dictionary.build().encoded();
    }

    /** Reads saved nodes. Throws {@link IllegalArgumentException} if the bytes are malformed. */
    static Saved decode(byte[] bytes) {
        if (bytes.length > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "saved nodes must have at most " + MAX_LENGTH + " bytes, had " + bytes.length);
        }
        BencodeValue root;
        try {
            root = Bencode.decode(bytes, LIMITS);
        } catch (BencodeException e) {
            throw new IllegalArgumentException("saved nodes must be a dictionary: " + e.getMessage(), e);
        }
        if (root.kind() != BencodeValue.Kind.DICTIONARY) {
            throw new IllegalArgumentException("saved nodes must be a dictionary, was " + root);
        }
        Map<Family, NodeId> ids = new EnumMap<>(Family.class);
        List<Node> nodes = new ArrayList<>();
        for (Family family : Family.values()) {
            Optional<byte[]> id = root.getBytes(idKey(family));
            id.filter(value -> value.length == NodeId.LENGTH).ifPresent(value -> ids.put(family, NodeId.of(value)));
            root.getBytes(family.nodesKey)
                    .ifPresent(compact -> nodes.addAll(Compact.nodes(compact, family, MAX_NODES)));
        }
        return new Saved(ids, nodes);
    }

    private static String idKey(Family family) {
        return family == Family.FOUR ? "id" : "id6";
    }
}
