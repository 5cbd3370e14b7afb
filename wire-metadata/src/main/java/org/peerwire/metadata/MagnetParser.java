/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;

/** A parser of one magnet link, parameter by parameter. */
final class MagnetParser {
    /** The code of SHA-256 and its length in a multihash. */
    static final String SHA256_PREFIX = "1220";

    private static final String SCHEME = "magnet:?";
    private static final String BTIH = "urn:btih:";
    private static final String BTMH = "urn:btmh:";
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
    private static final Pattern NUMBER = Pattern.compile("\\.(\\d{1,9})$");
    private static final Pattern V1 = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern V1_BASE32 = Pattern.compile("[a-z2-7]{32}");
    private static final Pattern V2 = Pattern.compile(SHA256_PREFIX + "[0-9a-f]{64}");

    private @Nullable InfoHash v1;
    private @Nullable InfoHashV2 v2;
    private @Nullable String name;
    private final TreeMap<Integer, List<String>> tiers = new TreeMap<>();
    private final List<String> trackers = new ArrayList<>();
    private final Set<String> knownTrackers = new HashSet<>();
    private final List<String> webSeeds = new ArrayList<>();
    private final List<InetSocketAddress> peers = new ArrayList<>();
    private final List<InetSocketAddress> dhtNodes = new ArrayList<>();
    private final List<FileSelection.Range> files = new ArrayList<>();

    MagnetLink parse(String link) {
        if (link.length() > MagnetLink.MAX_LENGTH) {
            throw unusable("it must have at most " + MagnetLink.MAX_LENGTH + " characters, had " + link.length()
                    + "; remove trackers");
        }
        String text = strip(link);
        if (!text.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw unusable("it must begin with " + SCHEME + ", was " + quote(text) + "; copy the whole link");
        }
        for (String parameter : strip(text.substring(SCHEME.length())).split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                String key = strip(parameter.substring(0, equals)).toLowerCase(Locale.ROOT);
                accept(key, parameter.substring(equals + 1).strip());
            }
        }
        List<List<String>> allTrackers = new ArrayList<>(tiers.values());
        trackers.forEach(tracker -> allTrackers.add(List.of(tracker)));
        return new MagnetLink(hashes(), name, allTrackers, webSeeds, peers, dhtNodes, new FileSelection(files));
    }

    private void accept(String key, String raw) {
        String value = decode(raw);
        String plain = NUMBER.matcher(key).replaceFirst("");
        switch (plain) {
            case "xt" -> topic(value.toLowerCase(Locale.ROOT));
            case "dn" -> name = name == null && !value.isEmpty() ? decode(raw.replace('+', ' ')) : name;
            case "tr" -> tracker(value, key.equals(plain) ? -1 : Integer.parseInt(key.substring("tr.".length())));
            case "ws" -> add(webSeeds, value.isEmpty() ? null : value, MagnetLink.MAX_TRACKERS);
            case "x.pe" -> add(peers, HostPort.parse(value), MagnetLink.MAX_PEERS);
            case "dht" -> add(dhtNodes, HostPort.parse(value), MagnetLink.MAX_PEERS);
            case "so" -> files.addAll(FileSelection.parse(value).ranges());
            default -> {}
        }
    }

    private static <T> void add(List<T> list, @Nullable T value, int max) {
        if (value != null && list.size() < max && !list.contains(value)) {
            list.add(value);
        }
    }

    private void tracker(String url, int tier) {
        if (url.isEmpty() || knownTrackers.size() == MagnetLink.MAX_TRACKERS || !knownTrackers.add(url)) {
            return;
        }
        if (tier < 0) {
            trackers.add(url);
        } else {
            tiers.computeIfAbsent(tier, absent -> new ArrayList<>()).add(url);
        }
    }

    // ---- the info hashes ----

    private void topic(String urn) {
        if (urn.startsWith(BTIH)) {
            InfoHash hash = v1(urn.substring(BTIH.length()));
            if (v1 != null && !v1.equals(hash)) {
                throw twoTorrents(v1, hash);
            }
            v1 = hash;
        } else if (urn.startsWith(BTMH)) {
            InfoHashV2 hash = v2(urn.substring(BTMH.length()));
            if (v2 != null && !v2.equals(hash)) {
                throw twoTorrents(v2, hash);
            }
            v2 = hash;
        }
    }

    private InfoHashes hashes() {
        if (v1 != null && v2 != null) {
            return InfoHashes.hybrid(v1, v2);
        }
        if (v1 != null) {
            return InfoHashes.of(v1);
        }
        if (v2 != null) {
            return InfoHashes.of(v2);
        }
        throw unusable(
                "it must have an info hash, xt=" + BTIH + "… or xt=" + BTMH + "…, had none; copy the whole link");
    }

    private static InfoHash v1(String text) {
        if (V1.matcher(text).matches()) {
            return InfoHash.parse(text);
        }
        if (V1_BASE32.matcher(text).matches()) {
            return InfoHash.of(base32(text));
        }
        throw unusable("its info hash must be 40 hexadecimal or 32 base32 characters, was " + quote(text) + " of "
                + text.length() + " characters; copy the link again");
    }

    private static InfoHashV2 v2(String text) {
        if (V2.matcher(text).matches()) {
            return InfoHashV2.parse(text.substring(SHA256_PREFIX.length()));
        }
        throw unusable("its version 2 info hash must be " + SHA256_PREFIX + " and 64 hexadecimal characters, was "
                + quote(text) + " of " + text.length() + " characters; copy the link again");
    }

    private static byte[] base32(String text) {
        byte[] bytes = new byte[InfoHash.LENGTH];
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            int digit = BASE32.indexOf(text.charAt(bit / 5));
            if ((digit >> (4 - bit % 5) & 1) != 0) {
                bytes[bit / 8] |= (byte) (0x80 >> bit % 8);
            }
        }
        return bytes;
    }

    // ---- text ----

    private static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isPadding(text.charAt(from))) {
            from++;
        }
        while (to > from && isPadding(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isPadding(char c) {
        return c == '"' || Character.isWhitespace(c);
    }

    private static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            int high = in[i] == '%' && i + 2 < in.length ? Character.digit((char) in[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit((char) in[i + 2], 16);
            if (low < 0) {
                out.write(in[i]);
            } else {
                out.write(high << 4 | low);
                i += 2;
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException twoTorrents(Object first, Object second) {
        return unusable("it must name one torrent, named two: " + first + " and " + second + "; remove one");
    }

    private static IllegalArgumentException unusable(String reason) {
        return new IllegalArgumentException("not a usable magnet link: " + reason);
    }

    private static String quote(String text) {
        String shown = text.length() > 72 ? text.substring(0, 72) + "…" : text;
        return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
