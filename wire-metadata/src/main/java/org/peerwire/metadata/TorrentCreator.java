/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.peerwire.bencode.BencodeValue;

/**
 * A builder of one version 1 torrent from files. Lists the files, then hashes them as one sequence of bytes. Blocks.
 */
final class TorrentCreator {
    private static final int BUFFER = 128 * 1024;

    private final Path source;
    private final TorrentOptions options;
    private final MessageDigest sha1 = Digests.sha1();
    private final ByteArrayOutputStream hashes = new ByteArrayOutputStream();
    private int pieceLength;
    private int hashed;

    /** A file, its path in the torrent, and its length when it was listed. */
    private record Listed(Path path, List<String> place, long length) {}

    TorrentCreator(Path source, TorrentOptions options) {
        this.source = source.toAbsolutePath().normalize();
        this.options = options;
    }

    Torrent create() throws IOException {
        List<Listed> files = list();
        long length = 0;
        for (Listed file : files) {
            length = FileEntry.end(length, file.length());
        }
        if (length == 0) {
            throw new TorrentException("no data in " + source + ": choose a file or folder that is not empty");
        }
        pieceLength = options.pieceLengthFor(length);
        for (Listed file : files) {
            hash(file);
        }
        if (hashed > 0) {
            hashes.writeBytes(sha1.digest());
        }
        return torrent(files);
    }

    // ---- the files ----

    private List<Listed> list() throws IOException {
        if (source.getFileName() == null) {
            throw new TorrentException("no name for the torrent: choose a file or folder below " + source);
        }
        if (!Files.isDirectory(source)) {
            return List.of(listed(source));
        }
        List<Listed> files = new ArrayList<>();
        try (Stream<Path> tree = Files.walk(source)) {
            for (Path path : (Iterable<Path>) tree::iterator) {
                if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    files.add(listed(path));
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause(); // the stream wraps the failure to read a folder
        }
        files.sort(Comparator.comparing(Listed::place, TorrentCreator::compare));
        return files;
    }

    private Listed listed(Path path) throws IOException {
        Path place = path.equals(source) ? source.getFileName() : source.relativize(path);
        List<String> names = StreamSupport.stream(place.spliterator(), false)
                .map(Path::toString)
                .toList();
        return new Listed(path, names, Files.size(path));
    }

    /** Compares paths by the bytes of their elements. The order is the same on every system, and that of version 2. */
    private static int compare(List<String> left, List<String> right) {
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            int order = Arrays.compareUnsigned(utf8(left.get(i)), utf8(right.get(i)));
            if (order != 0) {
                return order;
            }
        }
        return left.size() - right.size();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    // ---- the pieces ----

    private void hash(Listed file) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long remaining = file.length();
        try (InputStream in = Files.newInputStream(file.path())) {
            while (remaining > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, remaining));
                if (read < 0) {
                    throw changed(file, "shorter");
                }
                remaining -= read;
                hash(buffer, read);
            }
            if (in.read() >= 0) {
                throw changed(file, "longer");
            }
        }
    }

    private static IOException changed(Listed file, String how) {
        return new IOException(file.path() + " became " + how + " than the " + file.length()
                + " bytes listed; try again when it no longer changes");
    }

    private void hash(byte[] buffer, int length) {
        for (int from = 0; from < length; ) {
            int step = Math.min(length - from, pieceLength - hashed);
            sha1.update(buffer, from, step);
            from += step;
            hashed += step;
            if (hashed == pieceLength) {
                hashes.writeBytes(sha1.digest());
                hashed = 0;
            }
        }
    }

    // ---- the torrent ----

    private Torrent torrent(List<Listed> files) {
        Map<String, BencodeValue> info = new HashMap<>();
        info.put("name", BencodeValue.of(String.valueOf(source.getFileName())));
        info.put("piece length", BencodeValue.of(pieceLength));
        info.put("pieces", BencodeValue.of(hashes.toByteArray()));
        if (options.isPrivate()) {
            info.put("private", BencodeValue.of(1));
        }
        if (files.size() == 1 && files.get(0).path().equals(source)) {
            info.put("length", BencodeValue.of(files.get(0).length()));
        } else {
            info.put(
                    "files",
                    BencodeValue.list(files.stream().map(TorrentCreator::entry).toList()));
        }
        Map<String, BencodeValue> root = new HashMap<>();
        root.put("info", BencodeValue.dictionary(info));
        options.comment().ifPresent(comment -> root.put("comment", BencodeValue.of(comment)));
        options.creationDate().ifPresent(date -> root.put("creation date", BencodeValue.of(date.getEpochSecond())));
        Torrent.putTrackers(root, options.trackers());
        return Torrent.parse(BencodeValue.dictionary(root).encoded());
    }

    private static BencodeValue entry(Listed file) {
        return BencodeValue.dictionary(Map.of(
                "length",
                BencodeValue.of(file.length()),
                "path",
                BencodeValue.list(file.place().stream().map(BencodeValue::of).toList())));
    }
}
