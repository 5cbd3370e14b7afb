/* SPDX-License-Identifier: MIT */
package org.peerwire.extension;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.peerwire.bencode.BencodeValue;

/**
 * The extended handshake of a peer (BEP 10): a dictionary with a typed view of each known key. A view is empty if its
 * key is missing or has an invalid value. Nothing in it is verified. Immutable.
 */
public final class ExtendedHandshake {
    /** The maximum length of {@link #client()}, in code points. */
    public static final int MAX_CLIENT_LENGTH = 128;

    private static final long MAX_REQUEST_QUEUE = 65_536;

    private final BencodeValue dictionary;
    private final Map<String, Integer> ids;

    private ExtendedHandshake(BencodeValue dictionary, Map<String, Integer> ids) {
        this.dictionary = dictionary;
        this.ids = ids;
    }

    /** Returns the handshake with this dictionary. A value of another kind counts as a dictionary without keys. */
    public static ExtendedHandshake of(BencodeValue dictionary) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        BencodeValue m = dictionary.get("m");
        if (m != null) {
            m.entries().forEach((name, id) -> {
                OptionalLong number = id.asLong();
                if (number.isPresent() && number.getAsLong() >= 0 && number.getAsLong() <= 255) {
                    ids.put(name, (int) number.getAsLong());
                }
            });
        }
        return new ExtendedHandshake(dictionary, Map.copyOf(ids));
    }

    /** Returns a handshake without keys. */
    public static ExtendedHandshake empty() {
        return of(BencodeValue.dictionary(Map.of()));
    }

    /** Returns a builder for code that assigns the ids of its extensions itself, such as tests. */
    public static Builder builder() {
        return new Builder(name -> {
            throw new IllegalArgumentException(
                    "name must be one with a known id, was " + name + ": use extension(name, id)");
        });
    }

    /**
     * Returns the extensions in {@code m}: the ids by name. Id 0 withdraws an extension; a merged handshake has no such
     * entry. Entries with another value than 0 to 255 are left out.
     */
    public Map<String, Integer> extensions() {
        return ids;
    }

    /** Returns true if {@code m} has an extension with an id other than 0. */
    public boolean supports(String name) {
        return ids.getOrDefault(name, 0) != 0;
    }

    /**
     * Returns the ids that {@code m} assigns to more than one name, with these names in alphabetical order: an error of
     * the peer. Messages to the peer still use such an id. Messages from the peer are not affected, because the ids of
     * this side are unique.
     */
    public Map<Integer, List<String>> conflicts() {
        Map<Integer, List<String>> names = new TreeMap<>();
        new TreeMap<>(ids).forEach((name, id) -> names.computeIfAbsent(id, key -> new ArrayList<>())
                .add(name));
        names.remove(0);
        names.values().removeIf(sharing -> sharing.size() == 1);
        return names;
    }

    /**
     * Returns the known keys with an invalid value, which the typed views leave out. An invalid entry of {@code m} is
     * listed as {@code m.} and its name. The {@code m} of a merged handshake has no invalid entry.
     */
    public List<String> oddKeys() {
        List<String> odd = new ArrayList<>();
        BencodeValue m = dictionary.get("m");
        if (m != null && m.kind() != BencodeValue.Kind.DICTIONARY) {
            odd.add("m");
        } else if (m != null) {
            m.entries().keySet().stream().filter(name -> !ids.containsKey(name)).forEach(name -> odd.add("m." + name));
        }
        dictionary.entries().keySet().stream().filter(key -> !makesSense(key)).forEach(odd::add);
        return odd;
    }

    private boolean makesSense(String key) {
        return switch (key) {
            case "v" -> client().isPresent();
            case "p" -> listenPort().isPresent();
            case "reqq" -> requestQueue().isPresent();
            case "metadata_size" -> metadataSize().isPresent();
            case "yourip" -> yourIp().isPresent();
            case "ipv4" -> ipv4().isPresent();
            case "ipv6" -> ipv6().isPresent();
            case "upload_only", "e" -> isFlag(key);
            default -> true;
        };
    }

    private boolean isFlag(String key) {
        OptionalLong value = dictionary.getLong(key);
        return value.isPresent() && (value.getAsLong() == 0 || value.getAsLong() == 1);
    }

    /** Returns the name and version of the client ({@code v}): at most 128 code points, without control characters. */
    public Optional<String> client() {
        return dictionary.getText("v").map(text -> text.codePoints()
                .filter(c -> !Character.isISOControl(c))
                .limit(MAX_CLIENT_LENGTH)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString());
    }

    /** Returns the TCP port that accepts wires ({@code p}), 1 to 65535. */
    public OptionalInt listenPort() {
        return range("p", 1, 65_535);
    }

    /**
     * Returns the number of requests that the peer queues ({@code reqq}), 1 to 65,536. A larger value is reduced to
     * that.
     */
    public OptionalInt requestQueue() {
        OptionalLong value = dictionary.getLong("reqq");
        return value.isPresent() && value.getAsLong() >= 1
                ? OptionalInt.of((int) Math.min(value.getAsLong(), MAX_REQUEST_QUEUE))
                : OptionalInt.empty();
    }

    /** Returns the claimed length of the info dictionary in bytes ({@code metadata_size}, BEP 9), 1 or more. */
    public OptionalLong metadataSize() {
        OptionalLong value = dictionary.getLong("metadata_size");
        return value.isPresent() && value.getAsLong() >= 1 ? value : OptionalLong.empty();
    }

    /** Returns true if the peer wants no more data ({@code upload_only}, BEP 21). */
    public boolean uploadOnly() {
        return dictionary.getLong("upload_only").orElse(0) == 1;
    }

    /** Returns true if the peer prefers encrypted connections ({@code e}). */
    public boolean prefersEncryption() {
        return dictionary.getLong("e").orElse(0) == 1;
    }

    /** Returns the address of this side as the peer sees it ({@code yourip}). The peer may be wrong or lie. */
    public Optional<InetAddress> yourIp() {
        return address("yourip", 0);
    }

    /** Returns the IPv4 address of the peer ({@code ipv4}). */
    public Optional<InetAddress> ipv4() {
        return address("ipv4", 4);
    }

    /** Returns the IPv6 address of the peer ({@code ipv6}). */
    public Optional<InetAddress> ipv6() {
        return address("ipv6", 16);
    }

    /** Returns the dictionary with all keys, known or not. */
    public BencodeValue dictionary() {
        return dictionary;
    }

    /**
     * Returns this handshake updated by a later one. The ids of the later one are added to {@code m}, and id 0 removes
     * an extension. Any other key replaces the earlier value.
     */
    public ExtendedHandshake merge(ExtendedHandshake later) {
        Map<String, BencodeValue> entries = new TreeMap<>(dictionary.entries());
        entries.putAll(later.dictionary.entries());
        Map<String, Integer> merged = new LinkedHashMap<>(ids);
        merged.putAll(later.ids);
        merged.values().removeIf(id -> id == 0);
        Map<String, BencodeValue> m = new TreeMap<>();
        merged.forEach((name, id) -> m.put(name, BencodeValue.of(id)));
        entries.put("m", BencodeValue.dictionary(m));
        return new ExtendedHandshake(BencodeValue.dictionary(entries), Map.copyOf(merged));
    }

    private OptionalInt range(String key, int min, int max) {
        OptionalLong value = dictionary.getLong(key);
        return value.isPresent() && value.getAsLong() >= min && value.getAsLong() <= max
                ? OptionalInt.of((int) value.getAsLong())
                : OptionalInt.empty();
    }

    private Optional<InetAddress> address(String key, int length) {
        return dictionary
                .getBytes(key)
                .filter(bytes -> length == 0 ? bytes.length == 4 || bytes.length == 16 : bytes.length == length)
                .map(ExtendedHandshake::toAddress);
    }

    private static InetAddress toAddress(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // the length has been checked
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ExtendedHandshake handshake && dictionary.equals(handshake.dictionary);
    }

    @Override
    public int hashCode() {
        return dictionary.hashCode();
    }

    @Override
    public String toString() {
        return dictionary.toString();
    }

    /** A builder of an extended handshake to send. Each setter returns the builder. */
    public static final class Builder {
        private final Map<String, BencodeValue> entries = new TreeMap<>();
        private final Map<String, BencodeValue> ids = new TreeMap<>();
        private final ToIntFunction<String> numbers;

        /** Creates a builder with the ids of a wire's extensions. Used by the engine. */
        public Builder(ToIntFunction<String> numbers) {
            this.numbers = numbers;
        }

        /**
         * Adds an extension with the id that the wire assigned to it.
         *
         * @throws IllegalArgumentException if no id is known for the name
         */
        public Builder enable(String name) {
            return extension(name, numbers.applyAsInt(name));
        }

        /** Withdraws an extension, with id 0. */
        public Builder disable(String name) {
            return extension(name, 0);
        }

        /**
         * Adds an extension with an id.
         *
         * @throws IllegalArgumentException if the id is not 0 to 255
         */
        public Builder extension(String name, int id) {
            if (id < 0 || id > 255) {
                throw new IllegalArgumentException("id must be 0 to 255, was " + id);
            }
            ids.put(name, BencodeValue.of(id));
            return this;
        }

        /** Sets the name and version of the client ({@code v}). */
        public Builder client(String name) {
            return put("v", BencodeValue.of(name));
        }

        /** Sets the TCP port that accepts wires ({@code p}). */
        public Builder listenPort(int port) {
            return put("p", BencodeValue.of(port));
        }

        /** Sets the number of requests that this side queues ({@code reqq}). */
        public Builder requestQueue(int requests) {
            return put("reqq", BencodeValue.of(requests));
        }

        /** Sets the length of the info dictionary in bytes ({@code metadata_size}, BEP 9). */
        public Builder metadataSize(long bytes) {
            return put("metadata_size", BencodeValue.of(bytes));
        }

        /** Sets {@code upload_only}: true if this side wants no more data (BEP 21). */
        public Builder uploadOnly(boolean uploadOnly) {
            return put("upload_only", BencodeValue.of(uploadOnly ? 1 : 0));
        }

        /** Sets {@code e}: true if this side prefers encrypted connections. */
        public Builder prefersEncryption(boolean prefersEncryption) {
            return put("e", BencodeValue.of(prefersEncryption ? 1 : 0));
        }

        /** Sets the address of the peer as this side sees it ({@code yourip}). */
        public Builder yourIp(InetAddress address) {
            return put("yourip", BencodeValue.of(address.getAddress()));
        }

        /**
         * Sets any other key.
         *
         * @throws IllegalArgumentException if the key is empty or {@code m}
         */
        public Builder put(String key, BencodeValue value) {
            if (key.isEmpty() || key.equals("m")) {
                throw new IllegalArgumentException(
                        "key must be neither empty nor m, was " + key + ": use extension(name, id) for m");
            }
            entries.put(key, value);
            return this;
        }

        /** Returns the handshake, with its keys sorted as bencode requires. */
        public ExtendedHandshake build() {
            Map<String, BencodeValue> all = new TreeMap<>(entries);
            all.put("m", BencodeValue.dictionary(ids));
            return of(BencodeValue.dictionary(all));
        }
    }
}
