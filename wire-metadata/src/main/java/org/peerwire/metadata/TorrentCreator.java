/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.metadata.FileLister.Listed;

/**
 * A builder of one version 1 torrent from files. Lists the files, then hashes them as one sequence of bytes. Blocks.
 */
final class TorrentCreator {
    private static final int BUFFER = 128 * 1024;

    private final Path source;
    private final TorrentOptions options;
    private final boolean isFolder;
    private final MessageDigest sha1 = Digests.sha1();
    private final ByteArrayOutputStream hashes = new ByteArrayOutputStream();
    private int pieceLength;
    private int hashed;

    TorrentCreator(Path source, TorrentOptions options) {
        this.source = source.toAbsolutePath().normalize();
        this.options = options;
        this.isFolder = Files.isDirectory(source);
    }

    Torrent create() throws IOException {
        List<Listed> files = list();
        long length = 0;
        for (Listed file : files) {
            length = FileEntry.end(length, file.length());
        }
        if (length == 0) {
            throw new TorrentException("no data in " + source + ": choose a file or folder that is not empty"
                    + (isFolder ? "; hidden files, links and excluded files do not count" : ""));
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
        if (!Files.exists(source) && DiskNames.isLossy(source)) {
            throw new TorrentException("no such file: " + source
                    + "; a name with letters that are not ASCII needs a locale with UTF-8, such as LC_ALL=C.UTF-8");
        }
        if (!isFolder) {
            return List.of(new Listed(source, List.of(), Files.size(source)));
        }
        List<Listed> files = FileLister.list(source, options);
        files.sort(Comparator.comparing(Listed::place, TorrentCreator::compare));
        return files;
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
        info.put("name", BencodeValue.of(DiskNames.of(source)));
        info.put("piece length", BencodeValue.of(pieceLength));
        info.put("pieces", BencodeValue.of(hashes.toByteArray()));
        if (options.isPrivate()) {
            info.put("private", BencodeValue.of(1));
        }
        options.source().ifPresent(mark -> info.put("source", BencodeValue.of(mark)));
        if (!isFolder) {
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
        TorrentUrls.putTrackers(root, options.trackers());
        Torrent torrent = Torrent.parse(BencodeValue.dictionary(root).encoded());
        checkNames(files, torrent);
        return torrent;
    }

    /** Refuses names that every reader of the torrent has to change, so that the files of a seed would not be found. */
    private void checkNames(List<Listed> files, Torrent torrent) {
        String name = DiskNames.of(source);
        for (int i = 0; i < files.size(); i++) {
            List<String> place = new ArrayList<>(List.of(name));
            place.addAll(files.get(i).place());
            List<String> read = torrent.files().get(i).path();
            if (!read.equals(place)) {
                throw new TorrentException("a torrent cannot have the name " + Printable.path(place)
                        + ": others would store it as " + Printable.path(read) + "; rename the file");
            }
        }
    }

    private static BencodeValue entry(Listed file) {
        return BencodeValue.dictionary(Map.of(
                "length",
                BencodeValue.of(file.length()),
                "path",
                BencodeValue.list(file.place().stream().map(BencodeValue::of).toList())));
    }
}
