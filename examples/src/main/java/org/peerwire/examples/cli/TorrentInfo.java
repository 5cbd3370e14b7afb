/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentFile;

/** The content of a torrent file as text and as JSON. */
final class TorrentInfo {
    private final Torrent torrent;
    private final long trailing;
    private final List<TorrentFile> files;

    /**
     * Creates the description of a torrent.
     *
     * @param trailing the number of bytes after the torrent in its file
     */
    TorrentInfo(Torrent torrent, long trailing) {
        this.torrent = torrent;
        this.trailing = trailing;
        this.files = torrent.contentFiles();
    }

    /** Returns the lines for people. */
    Sheet sheet() {
        long length = torrent.contentLength();
        Sheet sheet = new Sheet()
                .line("name", torrent.name())
                .hashes(torrent.hashes())
                .line("magnet", torrent.magnet())
                .line("length", exactly(length))
                .line("files", files.size())
                .line("pieces", torrent.pieceCount() + " of " + exactly(torrent.pieceLength()))
                .line("private", torrent.isPrivate() ? "yes" : "no")
                .trackers(torrent.trackers())
                .lines("web seed", torrent.webSeeds())
                .text("comment", torrent.comment().orElse(null))
                .text("source", torrent.source().orElse(null))
                .text("created by", torrent.createdBy().orElse(null))
                .line("created", torrent.creationDate().orElse(null));
        numbered((number, file) -> sheet.line(
                "file", String.format(Locale.ROOT, "%-5d%10s  %s", number, Texts.bytes(file.length()), file)));
        return sheet.lines("warning", warnings());
    }

    private static String exactly(long bytes) {
        return bytes < 1024 ? Texts.bytes(bytes) : Texts.bytes(bytes) + " (" + bytes + " bytes)";
    }

    /** Returns the JSON object. A key without a value is absent. */
    JsonLine json() {
        JsonLine line = new JsonLine();
        line.node().put("type", "torrent").put("name", torrent.name());
        line.hashes(torrent.hashes());
        line.node()
                .put("magnet", torrent.magnet().toString())
                .put("length", torrent.contentLength())
                .put("fileCount", files.size())
                .put("pieceLength", torrent.pieceLength())
                .put("pieceCount", torrent.pieceCount())
                .put("private", torrent.isPrivate());
        line.trackers(torrent.trackers()).texts("webSeeds", torrent.webSeeds());
        torrent.comment().ifPresent(text -> line.node().put("comment", text));
        torrent.source().ifPresent(text -> line.node().put("source", text));
        torrent.createdBy().ifPresent(text -> line.node().put("createdBy", text));
        torrent.creationDate().ifPresent(date -> line.node().put("creationDate", date.toString()));
        ArrayNode list = line.node().putArray("files");
        numbered((number, file) -> list.addObject()
                .put("index", number)
                .put("path", file.toString())
                .put("length", file.length()));
        return line.texts("warnings", warnings());
    }

    /** Calls for each file but padding, with the number by which a download selects it (BEP 53). */
    private void numbered(BiConsumer<Integer, TorrentFile> each) {
        List<TorrentFile> all = torrent.files();
        for (int i = 0; i < all.size(); i++) {
            if (!all.get(i).padding()) {
                each.accept(i, all.get(i));
            }
        }
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (!torrent.hasPieceHashes()) {
            warnings.add("a version 2 torrent without SHA-1 piece hashes cannot be downloaded, seeded or verified yet");
        }
        if (torrent.isPrivate() && torrent.trackers().isEmpty()) {
            warnings.add("the torrent is private and has no tracker: peers cannot be found");
        }
        if (torrent.contentLength() == 0) {
            warnings.add("the torrent has no data");
        }
        List<TorrentFile> changed =
                files.stream().filter(TorrentInfo::isChanged).toList();
        if (!changed.isEmpty()) {
            warnings.add("unusual names were changed in the paths of " + Texts.count(changed.size(), "file")
                    + ", such as " + changed.get(0));
        }
        long links = files.stream()
                .filter(file -> file.attributes().contains(TorrentFile.Attribute.LINK))
                .count();
        if (links > 0) {
            warnings.add(Texts.count(links, "symbolic link") + " of the author: an empty file is stored instead");
        }
        if (trailing > 0) {
            warnings.add(Texts.count(trailing, "byte") + " after the end of the torrent ignored");
        }
        return warnings;
    }

    private static boolean isChanged(TorrentFile file) {
        boolean isSame = file.path().size() == file.rawPath().size();
        for (int i = 0; isSame && i < file.path().size(); i++) {
            byte[] name = file.path().get(i).getBytes(StandardCharsets.UTF_8);
            BencodeValue raw = file.rawPath().get(i);
            isSame = raw.asBytes().filter(bytes -> Arrays.equals(bytes, name)).isPresent();
        }
        return !isSame;
    }
}
