/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open files of a torrent. A file is opened for writing only when something is written, so complete data may be
 * read-only. Safe for use by several threads that may block.
 */
final class OpenFiles {
    private static final int MAX_OPEN_FILES = 256;
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ);
    private static final Set<OpenOption> WRITE = Set.of(
            StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.SPARSE);

    private final boolean keepsOpen;
    private final Map<Key, FileChannel> open = new ConcurrentHashMap<>();

    private record Key(StoredFile file, boolean writing) {}

    /** The use of an open file. */
    interface Access {
        void with(FileChannel channel) throws IOException;
    }

    /**
     * Creates the state without open files.
     *
     * @param count the number of files; they stay open only if they are at most 256
     */
    OpenFiles(int count) {
        this.keepsOpen = count <= MAX_OPEN_FILES;
    }

    void read(StoredFile file, Access access) throws IOException {
        boolean isWritten = open.containsKey(new Key(file, true));
        access(new Key(file, isWritten), access);
    }

    /** Creates the file if it does not exist. */
    void write(StoredFile file, Access access) throws IOException {
        access(new Key(file, true), access);
    }

    /** Closes the files. Nobody may use them at the same time or later. */
    void close() throws IOException {
        for (Key key : List.copyOf(open.keySet())) {
            FileChannel channel = open.remove(key);
            if (channel != null) {
                channel.close();
            }
        }
    }

    private void access(Key key, Access access) throws IOException {
        FileChannel channel = open.get(key);
        if (channel != null && !channel.isOpen()) { // an interrupt of a thread closes its channel
            open.remove(key, channel);
            channel = null;
        }
        if (channel != null) {
            access.with(channel);
        } else if (!keepsOpen) {
            try (FileChannel once = open(key)) {
                access.with(once);
            }
        } else {
            FileChannel mine = open(key);
            FileChannel first = open.putIfAbsent(key, mine);
            if (first != null) {
                mine.close();
            }
            access.with(first != null ? first : mine);
        }
    }

    private static FileChannel open(Key key) throws IOException {
        Path path = key.file().path();
        if (!key.writing()) {
            return FileChannel.open(path, READ);
        }
        boolean isNew = !Files.exists(path);
        FileChannel channel = FileChannel.open(path, WRITE);
        if (isNew && key.file().executable()) {
            makeExecutable(path);
        }
        return channel;
    }

    /** Lets everybody run the file who may read it, on systems that have this permission. */
    static void makeExecutable(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        Set<PosixFilePermission> permissions =
                EnumSet.copyOf(view.readAttributes().permissions());
        Map.of(
                        PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE,
                        PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_EXECUTE,
                        PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE)
                .forEach((reads, runs) -> {
                    if (permissions.contains(reads)) {
                        permissions.add(runs);
                    }
                });
        view.setPermissions(permissions);
    }
}
