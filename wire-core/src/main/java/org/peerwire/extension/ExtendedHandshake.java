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
 * The dictionary with which a peer says what it speaks (BEP 10). Typed views of the known keys, each empty when the key is
 * missing or its value makes no sense, and the dictionary itself for the rest. Immutable.
 */
public final class ExtendedHandshake {
    /** The longest client name handed out, in code points. */
    public static final int MAX_CLIENT_LENGTH = 128;

    private static final long MAX_REQUEST_QUEUE = 65_536;

    private final BencodeValue dictionary;
    private final Map<String, Integer> ids;

    private ExtendedHandshake(BencodeValue dictionary, Map<String, Integer> ids) {
        this.dictionary = dictionary;
        this.ids = ids;
    }

    /** The handshake in this dictionary; a value of another kind is one without keys. */
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

    /** A handshake without keys. */
    public static ExtendedHandshake empty() {
        return of(BencodeValue.dictionary(Map.of()));
    }

    /** A builder for tests and for peers that number their extensions themselves. */
    public static Builder builder() {
        return new Builder(name -> {
            throw new IllegalArgumentException(
                    "name must be one with a known id, was " + name + ": use extension(name, id)");
        });
    }

    /**
     * Names and numbers from {@code m}: 0 is an extension withdrawn; what is not 0 to 255 is left out. A merged handshake
     * has no zeros.
     */
    public Map<String, Integer> extensions() {
        return ids;
    }

    /** Whether {@code m} lists the extension with a number other than 0. */
    public boolean supports(String name) {
        return ids.getOrDefault(name, 0) != 0;
    }

    /**
     * The numbers that {@code m} gives to more than one name, with these names in their order: a peer confused about
     * itself. We still send with such a number; what we receive carries ours, which are unique.
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
     * The known keys whose values make no sense, and {@code m.} and the name for each such entry of {@code m}: those
     * that the typed views leave out. The {@code m} of a merged handshake has none.
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

    /** Name and version of the client ({@code v}), at most 128 code points, without control characters. */
    public Optional<String> client() {
        return dictionary.getText("v").map(text -> text.codePoints()
                .filter(c -> !Character.isISOControl(c))
                .limit(MAX_CLIENT_LENGTH)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString());
    }

    /** The TCP port it accepts wires on ({@code p}), 1 to 65535. */
    public OptionalInt listenPort() {
        return range("p", 1, 65_535);
    }

    /** How many requests it queues without dropping any ({@code reqq}), 1 to 65,536: larger values count as that. */
    public OptionalInt requestQueue() {
        OptionalLong value = dictionary.getLong("reqq");
        return value.isPresent() && value.getAsLong() >= 1
                ? OptionalInt.of((int) Math.min(value.getAsLong(), MAX_REQUEST_QUEUE))
                : OptionalInt.empty();
    }

    /** Bytes in the info dictionary ({@code metadata_size}, BEP 9) as the peer claims it, 1 or more; not to be trusted. */
    public OptionalLong metadataSize() {
        OptionalLong value = dictionary.getLong("metadata_size");
        return value.isPresent() && value.getAsLong() >= 1 ? value : OptionalLong.empty();
    }

    /** Whether it wants no more data ({@code upload_only}, BEP 21). */
    public boolean uploadOnly() {
        return dictionary.getLong("upload_only").orElse(0) == 1;
    }

    /** Whether it prefers encrypted connections ({@code e}). */
    public boolean prefersEncryption() {
        return dictionary.getLong("e").orElse(0) == 1;
    }

    /** Our address as the peer sees it ({@code yourip}): a hint of one peer, nothing more. */
    public Optional<InetAddress> yourIp() {
        return address("yourip", 0);
    }

    /** Its own IPv4 address ({@code ipv4}). */
    public Optional<InetAddress> ipv4() {
        return address("ipv4", 4);
    }

    /** Its own IPv6 address ({@code ipv6}). */
    public Optional<InetAddress> ipv6() {
        return address("ipv6", 16);
    }

    /** The dictionary with all its keys, known or not. */
    public BencodeValue dictionary() {
        return dictionary;
    }

    /**
     * What holds after {@code later}: its numbers are added to {@code m}, a 0 takes one away, any other key replaces.
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

    /** Collects the keys of a handshake to send. */
    public static final class Builder {
        private final Map<String, BencodeValue> entries = new TreeMap<>();
        private final Map<String, BencodeValue> ids = new TreeMap<>();
        private final ToIntFunction<String> numbers;

        /** Not for users: wires make builders that know the numbers of their extensions. */
        public Builder(ToIntFunction<String> numbers) {
            this.numbers = numbers;
        }

        /** Lists an extension under the number the wire gave it. */
        public Builder enable(String name) {
            return extension(name, numbers.applyAsInt(name));
        }

        /** Withdraws an extension: number 0. */
        public Builder disable(String name) {
            return extension(name, 0);
        }

        /** Lists an extension under this number, 0 to 255. */
        public Builder extension(String name, int id) {
            if (id < 0 || id > 255) {
                throw new IllegalArgumentException("id must be 0 to 255, was " + id);
            }
            ids.put(name, BencodeValue.of(id));
            return this;
        }

        /** The client's name and version ({@code v}). */
        public Builder client(String name) {
            return put("v", BencodeValue.of(name));
        }

        /** The port we accept wires on ({@code p}). */
        public Builder listenPort(int port) {
            return put("p", BencodeValue.of(port));
        }

        /** How many requests we queue ({@code reqq}). */
        public Builder requestQueue(int requests) {
            return put("reqq", BencodeValue.of(requests));
        }

        /** Bytes in the info dictionary ({@code metadata_size}, BEP 9). */
        public Builder metadataSize(long bytes) {
            return put("metadata_size", BencodeValue.of(bytes));
        }

        /** That we want no more data ({@code upload_only}, BEP 21). */
        public Builder uploadOnly(boolean uploadOnly) {
            return put("upload_only", BencodeValue.of(uploadOnly ? 1 : 0));
        }

        /** That we prefer encrypted connections ({@code e}). */
        public Builder prefersEncryption(boolean prefersEncryption) {
            return put("e", BencodeValue.of(prefersEncryption ? 1 : 0));
        }

        /** The peer's address as we see it ({@code yourip}). */
        public Builder yourIp(InetAddress address) {
            return put("yourip", BencodeValue.of(address.getAddress()));
        }

        /** Any other key. */
        public Builder put(String key, BencodeValue value) {
            if (key.isEmpty() || key.equals("m")) {
                throw new IllegalArgumentException(
                        "key must be neither empty nor m, was " + key + ": use extension(name, id) for m");
            }
            entries.put(key, value);
            return this;
        }

        /** The handshake. Keys are sorted as bencode demands. */
        public ExtendedHandshake build() {
            Map<String, BencodeValue> all = new TreeMap<>(entries);
            all.put("m", BencodeValue.dictionary(ids));
            return of(BencodeValue.dictionary(all));
        }
    }
}
