/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.discovery.Scrape;
import org.peerwire.discovery.TrackerException;
import org.peerwire.discovery.TrackerException.Reason;

/** The bodies of HTTP trackers (BEP 3, 7, 23, 24, 31, 48). A part that is malformed counts as absent. */
final class HttpReply {
    private static final BencodeLimits LIMITS = new BencodeLimits(16, 50_000);
    private static final int MAX_TRACKER_ID = 256;
    private static final long MAX_INTERVAL = Integer.MAX_VALUE;
    private static final long MAX_RETRY_MINUTES = Duration.ofDays(1).toMinutes();

    private HttpReply() {}

    /**
     * Reads the answer to an announce.
     *
     * @throws TrackerException REFUSED for a failure reason, MALFORMED for a body that is not a dictionary
     */
    static TrackerAnswer announce(byte[] body, boolean allowLocal) {
        BencodeValue root = dictionary(body);
        refuse(root);
        TrackerPeers peers = new TrackerPeers(allowLocal);
        BencodeValue list = root.get("peers");
        if (list != null) {
            list.asBytes().ifPresent(compact -> peers.addCompact(compact, 4));
            list.items().forEach(peer -> addPeer(peers, peer));
        }
        root.getBytes("peers6").ifPresent(compact -> peers.addCompact(compact, 16));
        return new TrackerAnswer(
                number(root, "interval", MAX_INTERVAL),
                number(root, "min interval", MAX_INTERVAL),
                count(root, "complete"),
                count(root, "incomplete"),
                peers.list(),
                root.getBytes("warning message").map(TrackerText::of).orElse(null),
                root.getBytes("external ip").map(HttpReply::externalAddress).orElse(null),
                root.getBytes("tracker id")
                        .filter(id -> id.length <= MAX_TRACKER_ID)
                        .orElse(null));
    }

    private static void addPeer(TrackerPeers peers, BencodeValue peer) {
        Optional<String> ip = peer.getText("ip");
        OptionalLong port = peer.getLong("port");
        if (ip.isPresent() && port.isPresent()) {
            peers.add(ip.get(), port.getAsLong());
        }
    }

    /**
     * Reads the answer to a scrape. Torrents that were not asked for are skipped.
     *
     * @throws TrackerException REFUSED for a failure reason, MALFORMED for a body that is not a dictionary
     */
    static List<Scrape> scrape(byte[] body, List<InfoHash> asked) {
        BencodeValue root = dictionary(body);
        refuse(root);
        BencodeValue files = root.get("files");
        Map<InfoHash, Scrape> found = new HashMap<>();
        if (files != null) {
            files.entries().forEach((key, file) -> BencodeValue.of(key)
                    .asBytes()
                    .filter(bytes -> bytes.length == InfoHash.LENGTH)
                    .map(InfoHash::of)
                    .ifPresent(hash -> found.put(hash, scrape(hash, file))));
        }
        return asked.stream().filter(found::containsKey).map(found::get).toList();
    }

    private static Scrape scrape(InfoHash hash, BencodeValue file) {
        return new Scrape(
                hash,
                count(file, "complete").orElse(0),
                count(file, "downloaded").orElse(0),
                count(file, "incomplete").orElse(0));
    }

    /** Returns the failure that a body tells, or null if it tells none or cannot be read. */
    static @Nullable TrackerException failure(byte[] body) {
        try {
            refuse(dictionary(body));
            return null;
        } catch (TrackerException e) {
            return e.reason() == Reason.REFUSED ? e : null;
        }
    }

    private static void refuse(BencodeValue root) {
        Optional<byte[]> failure = root.getBytes("failure reason");
        if (failure.isPresent()) {
            String text = TrackerText.of(failure.get());
            throw new TrackerException(
                    Reason.REFUSED,
                    "refused by the tracker: " + (text.isEmpty() ? "no reason" : text),
                    null,
                    retryIn(root));
        }
    }

    /** Returns the minutes of BEP 31, or "never". */
    private static @Nullable Duration retryIn(BencodeValue root) {
        if (root.getText("retry in")
                .filter(text -> text.toLowerCase(Locale.ROOT).equals("never"))
                .isPresent()) {
            return TrackerException.NEVER;
        }
        OptionalLong minutes = root.getLong("retry in");
        if (minutes.isEmpty()) {
            minutes = root.getText("retry in").map(HttpReply::parsed).orElse(OptionalLong.empty());
        }
        return minutes.isEmpty() || minutes.getAsLong() < 1
                ? null
                : Duration.ofMinutes(Math.min(MAX_RETRY_MINUTES, minutes.getAsLong()));
    }

    private static OptionalLong parsed(String digits) {
        boolean isNumber =
                !digits.isEmpty() && digits.length() < 10 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
    }

    private static @Nullable InetAddress externalAddress(byte[] bytes) {
        return TrackerPeers.address(bytes);
    }

    private static OptionalLong count(BencodeValue dictionary, String key) {
        return number(dictionary, key, 0xffff_ffffL);
    }

    private static OptionalLong number(BencodeValue dictionary, String key, long max) {
        OptionalLong value = dictionary.getLong(key);
        return value.isPresent() && value.getAsLong() >= 0 && value.getAsLong() <= max ? value : OptionalLong.empty();
    }

    /** Returns the dictionary at the start of a body. Bytes after it, such as a line end, are ignored. */
    private static BencodeValue dictionary(byte[] body) {
        BencodeValue value;
        try {
            value = Bencode.decode(Unpooled.wrappedBuffer(body), LIMITS).value();
        } catch (BencodeException e) {
            throw malformed(e.getMessage(), e);
        }
        if (value.kind() != BencodeValue.Kind.DICTIONARY) {
            throw malformed("a dictionary is required, was " + TrackerText.of(value.toString()), null);
        }
        return value;
    }

    private static TrackerException malformed(@Nullable String detail, @Nullable Throwable cause) {
        return new TrackerException(Reason.MALFORMED, "the answer is not one of a tracker: " + detail, cause);
    }
}
