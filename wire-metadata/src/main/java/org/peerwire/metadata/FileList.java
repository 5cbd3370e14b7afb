/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.metadata.TorrentFile.Attribute;

/** The files of version 1: a length, or a list of paths and lengths. Each file begins where the one before ends (BEP 3). */
final class FileList {
    /** The start of the names that BitComet gave to padding before there was an attribute for it. */
    private static final String OLD_PADDING = "_____padding_file_";

    private FileList() {}

    static List<RawFile> read(BencodeValue name, Map<String, BencodeValue> info) {
        BencodeValue list = info.get("files");
        if (list == null) {
            Set<Attribute> attributes = EnumSet.copyOf(FileEntry.attributes(info));
            attributes.remove(Attribute.PADDING); // a torrent of nothing but padding has no use
            return List.of(new RawFile(List.of(name), FileEntry.length(info), 0, attributes));
        }
        List<RawFile> files = new ArrayList<>();
        long offset = 0;
        for (BencodeValue item : list.items()) {
            Map<String, BencodeValue> entry = item.entries();
            long length = FileEntry.length(entry);
            files.add(file(name, entry, length, offset));
            offset = FileEntry.end(offset, length);
        }
        if (files.isEmpty()) {
            throw TorrentException.malformed("files must have one or more entries, had 0");
        }
        return files;
    }

    private static RawFile file(BencodeValue name, Map<String, BencodeValue> entry, long length, long offset) {
        BencodeValue elements = FileEntry.twin(entry, "path", BencodeValue.Kind.LIST);
        Set<Attribute> attributes = FileEntry.attributes(entry);
        List<BencodeValue> path = new ArrayList<>();
        path.add(name);
        if (elements != null) {
            path.addAll(elements.items());
        }
        BencodeValue last = path.get(path.size() - 1);
        if (path.size() > 1 && last.asText().orElse("").startsWith(OLD_PADDING)) {
            attributes.add(Attribute.PADDING);
        }
        if (path.size() == 1 && attributes.contains(Attribute.PADDING)) {
            path.addAll(List.of(BencodeValue.of(".pad"), BencodeValue.of(Long.toString(length))));
        } else if (path.size() == 1) {
            throw TorrentException.malformed("the path of each file must have one or more elements, had 0");
        }
        return new RawFile(path, length, offset, attributes);
    }
}
