/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** A list of the files for a new torrent, without those that the options leave out. Blocks. */
final class FileLister extends SimpleFileVisitor<Path> {
    /** Names in lower case that Windows and macOS create without being asked, and that no dot hides. */
    private static final Set<String> CLUTTER =
            Set.of("thumbs.db", "ehthumbs.db", "desktop.ini", "$recycle.bin", "system volume information", "__macosx");

    private final Path start;
    private final TorrentOptions options;
    private final List<Predicate<Path>> excludes;
    private final Deque<String> place = new ArrayDeque<>();
    private final List<Listed> files = new ArrayList<>();

    /** A file, its path below the start, and its length when it was listed. */
    record Listed(Path path, List<String> place, long length) {}

    private FileLister(Path start, TorrentOptions options) {
        this.start = start;
        this.options = options;
        this.excludes = options.excludes().stream()
                .map(pattern -> matcher(start, pattern))
                .toList();
    }

    /** Returns the files below a folder, in the order of their discovery. Follows no link but the folder itself. */
    static List<Listed> list(Path folder, TorrentOptions options) throws IOException {
        Path start = folder.toRealPath();
        FileLister lister = new FileLister(start, options);
        Files.walkFileTree(start, lister);
        return lister.files;
    }

    private static Predicate<Path> matcher(Path start, String pattern) {
        FileSystem system = start.getFileSystem();
        PathMatcher matcher = system.getPathMatcher("glob:" + pattern);
        return pattern.indexOf('/') < 0
                ? path -> matcher.matches(path.getFileName())
                : path -> matcher.matches(start.relativize(path));
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
        if (folder.equals(start)) {
            return FileVisitResult.CONTINUE;
        }
        if (isLeftOut(folder)) {
            return FileVisitResult.SKIP_SUBTREE;
        }
        place.addLast(DiskNames.of(folder));
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
        place.pollLast();
        return super.postVisitDirectory(folder, failure);
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        if (isLeftOut(file)) {
            return FileVisitResult.CONTINUE;
        } else if (attributes.isSymbolicLink()) {
            leaveOut(file, LeftOut.Reason.LINK);
        } else if (!attributes.isRegularFile()) {
            leaveOut(file, LeftOut.Reason.SPECIAL);
        } else {
            List<String> names = new ArrayList<>(place);
            names.add(DiskNames.of(file));
            files.add(new Listed(file, names, attributes.size()));
        }
        return FileVisitResult.CONTINUE;
    }

    private boolean isLeftOut(Path path) throws IOException {
        if (excludes.stream().anyMatch(exclude -> exclude.test(path))) {
            leaveOut(path, LeftOut.Reason.EXCLUDED);
            return true;
        }
        if (!options.withHidden() && isHidden(path)) {
            leaveOut(path, LeftOut.Reason.HIDDEN);
            return true;
        }
        return false;
    }

    private static boolean isHidden(Path path) throws IOException {
        String name = path.getFileName().toString();
        return name.startsWith(".") || CLUTTER.contains(name.toLowerCase(Locale.ROOT)) || Files.isHidden(path);
    }

    private void leaveOut(Path path, LeftOut.Reason reason) {
        options.onLeftOut().accept(new LeftOut(path, reason));
    }
}
