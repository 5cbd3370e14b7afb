/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.web;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.discovery.internal.net.Authority;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentFile;

/**
 * The URL of a web seed, and those of the files below it (BEP 19).
 *
 * @param base an absolute HTTP URL with a host, without a fragment and a user
 */
public record SeedUrl(URI base) {
    private static final int MAX_LENGTH = 8 * 1024;
    private static final String UNRESERVED = "-._~";
    private static final String HEX = "0123456789ABCDEF";

    /** Returns the URL of a web seed, or empty for one that cannot be used. Spaces and other letters are encoded. */
    public static Optional<SeedUrl> parse(String text) {
        try {
            return text.length() > MAX_LENGTH ? Optional.empty() : of(new URI(encodeUnusual(text)));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Returns the URL if it is one of HTTP with a host. */
    static Optional<SeedUrl> of(URI uri) {
        String scheme = uri.getScheme();
        boolean isHttp = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
        Authority authority = Authority.of(uri);
        if (!isHttp || authority == null || authority.user() != null) {
            return Optional.empty();
        }
        boolean isPort = authority.port() == -1 || (authority.port() > 0 && authority.port() <= 65_535);
        return isPort ? Optional.of(new SeedUrl(authority.in(uri))) : Optional.empty();
    }

    /** Returns the target of a redirect, or empty for one that cannot be used. */
    Optional<SeedUrl> redirect(String location) {
        try {
            return location.length() > MAX_LENGTH
                    ? Optional.empty()
                    : of(base.resolve(new URI(encodeUnusual(location))));
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns the URL of a file. A torrent of one file has its URL here, or the name is added to a slash at the end. In a
     * torrent with a folder, the name of the folder and the path of the file follow.
     */
    URI of(Torrent torrent, TorrentFile file) {
        String path = base.getRawPath().isEmpty() ? "/" : base.getRawPath();
        boolean isFolder = file.path().size() > 1 || torrent.files().size() > 1;
        if (!isFolder && !path.endsWith("/")) {
            return base;
        }
        StringBuilder whole = new StringBuilder(path);
        String separator = path.endsWith("/") ? "" : "/";
        for (int i = 0; i < file.path().size(); i++) {
            whole.append(separator).append(encode(name(file, i)));
            separator = "/";
        }
        return with(base, whole.toString());
    }

    /** Returns an element of the path as the torrent has it, which is the name on the server. */
    private static byte[] name(TorrentFile file, int index) {
        List<BencodeValue> raw = file.rawPath();
        Optional<byte[]> bytes =
                raw.size() == file.path().size() ? raw.get(index).asBytes() : Optional.empty();
        return bytes.orElseGet(() -> file.path().get(index).getBytes(StandardCharsets.UTF_8));
    }

    private static URI with(URI uri, String rawPath) {
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return URI.create(uri.getScheme() + "://" + uri.getRawAuthority() + rawPath + query);
    }

    private static String encode(byte[] name) {
        StringBuilder encoded = new StringBuilder();
        for (byte one : name) {
            char letter = (char) (one & 0xff);
            if (letter < 0x80 && (isAlphanumeric(letter) || UNRESERVED.indexOf(letter) >= 0)) {
                encoded.append(letter);
            } else {
                append(encoded, one);
            }
        }
        return encoded.toString();
    }

    private static boolean isAlphanumeric(char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
    }

    /** Encodes what no URL may have, such as a space; authors of torrents forget it. */
    private static String encodeUnusual(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            if (one <= ' ' || one == 0x7f || "\"<>\\^`{|}".indexOf(one) >= 0) {
                append(encoded, one);
            } else {
                encoded.append((char) one);
            }
        }
        return encoded.toString();
    }

    private static void append(StringBuilder text, byte one) {
        text.append('%').append(HEX.charAt(one >> 4 & 0xf)).append(HEX.charAt(one & 0xf));
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
