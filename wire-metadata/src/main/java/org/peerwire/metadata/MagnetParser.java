/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;

/** A parser of one magnet link, parameter by parameter. */
final class MagnetParser {
    private static final String SCHEME = "magnet:?";
    private static final String BTIH = "urn:btih:";
    private static final String BTMH = "urn:btmh:";
    private static final Pattern NUMBER = Pattern.compile("\\.(\\d{1,9})$");

    /** An ampersand as HTML has it, and as a page has it that escapes twice. Possessive: it must not recurse. */
    private static final Pattern ESCAPED = Pattern.compile("&(?:amp;|#38;|#x26;)++", Pattern.CASE_INSENSITIVE);

    private @Nullable InfoHash v1;
    private @Nullable InfoHashV2 v2;
    private @Nullable String name;
    private final List<List<String>> tiers = new ArrayList<>();
    private final Map<Integer, List<String>> numberedTiers = new HashMap<>();
    private final Set<String> knownTrackers = new HashSet<>();
    private final List<String> webSeeds = new ArrayList<>();
    private final List<InetSocketAddress> peers = new ArrayList<>();
    private final List<InetSocketAddress> dhtNodes = new ArrayList<>();
    private final List<FileSelection.Range> files = new ArrayList<>();
    private final List<MagnetLink.Parameter> others = new ArrayList<>();

    MagnetLink parse(String link) {
        if (link.length() > MagnetLink.MAX_LENGTH) {
            throw unusable("it must have at most " + MagnetLink.MAX_LENGTH + " characters, had " + link.length()
                    + "; remove trackers");
        }
        String text = strip(link);
        if (!text.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return InfoHashes.find(text)
                    .map(MagnetLink::of)
                    .orElseThrow(() -> unusable("it must begin with " + SCHEME
                            + " or be an info hash of 40 characters, was " + Printable.quoted(text) + " of "
                            + text.length() + " characters; copy the whole link"));
        }
        for (String parameter : parameters(text.substring(SCHEME.length()))) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                String key = strip(parameter.substring(0, equals)).toLowerCase(Locale.ROOT);
                accept(key, strip(parameter.substring(equals + 1)));
            }
        }
        return new MagnetLink(hashes(), name, tiers, webSeeds, peers, dhtNodes, new FileSelection(files), others);
    }

    /** Splits the text. A number sign followed by more parameters is a part of a name, not the start of a fragment. */
    private static String[] parameters(String text) {
        String query = ESCAPED.matcher(text).replaceAll("&");
        int fragment = query.indexOf('#', query.lastIndexOf('&') + 1);
        return strip(fragment < 0 ? query : query.substring(0, fragment)).split("&", -1);
    }

    private void accept(String key, String raw) {
        String value = decode(raw);
        String plain = NUMBER.matcher(key).replaceFirst("");
        switch (plain) {
            case "xt" -> topic(value.toLowerCase(Locale.ROOT));
            case "dn" -> name = name == null && !value.isEmpty() ? decode(raw.replace('+', ' ')) : name;
            case "tr" -> tracker(value, key.equals(plain) ? -1 : Integer.parseInt(key.substring("tr.".length())));
            case "ws" -> add(webSeeds, value.isEmpty() ? null : value, MagnetLink.MAX_TRACKERS);
            case "xs", "as", "xl" -> other(plain, value);
            case "kt" -> other(plain, decode(raw.replace('+', ' ')));
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
        List<String> known = numberedTiers.get(tier);
        if (known != null) {
            known.add(url);
            return;
        }
        List<String> added = new ArrayList<>(List.of(url));
        tiers.add(added);
        if (tier >= 0) {
            numberedTiers.put(tier, added);
        }
    }

    private void other(String key, String value) {
        add(others, value.isEmpty() ? null : new MagnetLink.Parameter(key, value), MagnetLink.MAX_TRACKERS);
    }

    // ---- the info hashes ----

    private void topic(String urn) {
        int fragment = urn.indexOf('#');
        String topic = fragment < 0 ? urn : urn.substring(0, fragment);
        if (topic.startsWith(BTIH)) {
            InfoHash hash = hash(topic.substring(BTIH.length()), HashText::v1, HashText.V1);
            if (v1 != null && !v1.equals(hash)) {
                throw twoTorrents(v1, hash);
            }
            v1 = hash;
        } else if (topic.startsWith(BTMH)) {
            InfoHashV2 hash = hash(topic.substring(BTMH.length()), HashText::multihash, HashText.MULTIHASH);
            if (v2 != null && !v2.equals(hash)) {
                throw twoTorrents(v2, hash);
            }
            v2 = hash;
        }
    }

    private static <T> T hash(String text, Function<String, Optional<T>> notation, String allowed) {
        return notation.apply(text)
                .orElseThrow(() -> unusable("its info hash must be " + allowed + ", was " + Printable.quoted(text)
                        + " of " + text.length() + " characters; copy the link again"));
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

    /** Returns true for quotes and for all that looks like a blank, such as a no-break space or a byte order mark. */
    private static boolean isPadding(char c) {
        return c == '"'
                || Character.isWhitespace(c)
                || Character.isSpaceChar(c)
                || Character.getType(c) == Character.FORMAT;
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
}
