/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * The conversion between names in a torrent, which are UTF-8, and names on disk.
 *
 * <p>Where the locale has no UTF-8 ({@code LANG=C}), the text of a {@link Path} cannot have all letters. Its URI can:
 * it has the bytes of the name, percent-encoded, in both directions.
 */
final class DiskNames {
    private static final boolean HAS_BYTES =
            FileSystems.getDefault().getSeparator().equals("/");

    private DiskNames() {}

    /**
     * Returns the name of a file or folder.
     *
     * @throws TorrentException if the name on disk is not UTF-8
     */
    static String of(Path path) {
        String name = String.valueOf(path.getFileName());
        boolean isAscii = name.chars().allMatch(c -> c < 0x80);
        if (isAscii || !HAS_BYTES || path.getFileSystem() != FileSystems.getDefault()) {
            return name;
        }
        String encoded = path.toUri().getRawPath();
        int end = encoded.endsWith("/") ? encoded.length() - 1 : encoded.length();
        byte[] bytes = bytes(encoded.substring(encoded.lastIndexOf('/', end - 1) + 1, end));
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new TorrentException("the name of a file must be UTF-8, was " + encoded + "; rename it", e);
        }
    }

    /**
     * Returns the path of a name in a folder.
     *
     * @throws InvalidPathException if the file system does not allow the name
     */
    static Path resolve(Path folder, String name) {
        try {
            return folder.resolve(name);
        } catch (InvalidPathException e) {
            if (!HAS_BYTES || name.indexOf('\0') >= 0 || folder.getFileSystem() != FileSystems.getDefault()) {
                throw e;
            }
            Path alone = Path.of(URI.create("file:///" + percentEncoded(name)));
            return folder.resolve(alone.getFileName());
        }
    }

    /** Returns true if the text of a path has lost letters that the locale does not have. */
    static boolean isLossy(Path path) {
        boolean hasAll = "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));
        return !hasAll && path.toString().chars().anyMatch(c -> c == '?' || c == '\ufffd');
    }

    private static byte[] bytes(String encoded) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                out.write(Integer.parseInt(encoded.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                out.write(c);
            }
        }
        return out.toByteArray();
    }

    private static String percentEncoded(String name) {
        StringBuilder out = new StringBuilder();
        for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
            out.append(String.format("%%%02X", octet));
        }
        return out.toString();
    }
}
