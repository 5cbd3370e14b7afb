/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;

/**
 * The data of the tests: 64 MiB of the {@code modules} file of the running Java, in pieces of 64 KiB. The metadata has
 * two pieces itself.
 */
final class Cargo {
    static final int LENGTH = 64 << 20;
    static final int PIECE_LENGTH = 64 << 10;
    static final int PIECES = LENGTH / PIECE_LENGTH;
    static final String NAME = "cargo.bin";

    private static final Cargo CARGO = make(Path.of("target", "cargo").toAbsolutePath());

    private final Path folder;
    private final Torrent torrent;
    private final String sha256;

    private Cargo(Path folder, Torrent torrent, String sha256) {
        this.folder = folder;
        this.torrent = torrent;
        this.sha256 = sha256;
    }

    /** The data, shared by all tests. */
    static Cargo get() {
        return CARGO;
    }

    private static Cargo make(Path folder) {
        Path data = folder.resolve(NAME);
        Path modules = Path.of(System.getProperty("java.home"), "lib", "modules");
        try {
            Files.createDirectories(folder);
            try (InputStream in = Files.newInputStream(modules);
                    OutputStream out = Files.newOutputStream(data)) {
                out.write(in.readNBytes(LENGTH));
            }
            Torrent torrent = Torrent.create(
                    data, TorrentOptions.builder().pieceLength(PIECE_LENGTH).build());
            Files.write(folder.resolve("cargo.torrent"), torrent.encode());
            return new Cargo(folder, torrent, sha256(data));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the folder with the data. */
    Path folder() {
        return folder;
    }

    /** Returns the file with the data. */
    Path file() {
        return folder.resolve(NAME);
    }

    Torrent torrent() {
        return torrent;
    }

    /** Returns the torrent file. */
    Path torrentFile() {
        return folder.resolve("cargo.torrent");
    }

    String magnet() {
        return torrent.magnet().toString();
    }

    /** Returns a torrent file made by {@code transmission-create}. */
    Path torrentOfTransmission(Scene scene) {
        Path file = scene.folder("torrent").resolve("theirs.torrent");
        String kibibytes = "" + PIECE_LENGTH / 1024;
        List<String> command =
                List.of("transmission-create", "-s", kibibytes, "-o", file.toString(), file().toString());
        if (scene.output("transmission-create", command) == null) {
            throw new AssertionError("transmission-create must succeed; see its log");
        }
        return file;
    }

    /** Returns whether the file in this folder is a complete and correct copy. */
    boolean isIn(Path other) {
        try {
            return sha256(other.resolve(NAME)).equals(sha256);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(Path file) throws IOException {
        try (DigestInputStream in =
                new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
