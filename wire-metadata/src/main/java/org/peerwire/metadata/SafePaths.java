/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.bencode.BencodeValue;

/**
 * The paths on disk for the files of a torrent. Every path is relative and has only plain names. Two files that are
 * stored have different paths, also different from every folder: the later one gets a number. The same torrent and
 * rules always give the same paths.
 *
 * <p>The time is proportional to the length of the paths. Each number of a name is tried at most once.
 */
final class SafePaths {
    private static final int ROOT = 0;

    private final PathRules rules;
    private final Map<Place, Integer> folders = new HashMap<>();
    private final Set<Place> taken = new HashSet<>();
    private final Map<Place, Integer> numbers = new HashMap<>();

    /** The last path, before and after: a folder of a file tree is the same object in each path below it. */
    private final BencodeValue[] elements = new BencodeValue[RawFile.MAX_DEPTH];

    private final @Nullable String[] names = new String[RawFile.MAX_DEPTH];
    private final String[] folderNames = new String[RawFile.MAX_DEPTH];
    private final String[] keys = new String[RawFile.MAX_DEPTH];

    /** A name in the folder with a number. Comparable, so that equal hash codes do not make a map slow. */
    private record Place(int folder, String name) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return folder != other.folder ? Integer.compare(folder, other.folder) : name.compareTo(other.name);
        }
    }

    private SafePaths(PathRules rules) {
        this.rules = rules;
    }

    /**
     * Returns the files with their paths.
     *
     * @param name the safe name of the torrent
     */
    static List<TorrentFile> of(String name, List<RawFile> files, PathRules rules) {
        return new SafePaths(rules).paths(name, files);
    }

    private List<TorrentFile> paths(String name, List<RawFile> files) {
        List<List<String>> paths = new ArrayList<>(files.size());
        int[] parents = new int[files.size()];
        for (int i = 0; i < parents.length; i++) {
            RawFile file = files.get(i);
            List<String> path = safe(name, file);
            paths.add(path);
            parents[i] = file.isPadding() ? ROOT : folder(path);
        }
        List<TorrentFile> safe = new ArrayList<>(files.size());
        for (int i = 0; i < parents.length; i++) {
            RawFile file = files.get(i);
            List<String> path = paths.get(i);
            if (!file.isPadding()) {
                int last = path.size() - 1;
                path.set(last, distinct(parents[i], path.get(last)));
            }
            safe.add(file.at(path));
        }
        return List.copyOf(safe);
    }

    private List<String> safe(String name, RawFile file) {
        List<String> path = new ArrayList<>();
        path.add(name);
        List<BencodeValue> below = file.path().subList(1, file.path().size());
        for (int i = 0; i < below.size(); i++) {
            String safe = safe(i, below.get(i));
            if (safe != null) {
                path.add(safe);
            }
        }
        if (path.size() == 1 && !below.isEmpty()) {
            path.add(SafeName.BLANK); // the file must not have the path of the folder
        }
        return path;
    }

    private @Nullable String safe(int depth, BencodeValue element) {
        if (elements[depth] != element) {
            elements[depth] = element;
            names[depth] = SafeName.of(element, rules);
        }
        return names[depth];
    }

    /** Returns the number of the folder of a file. */
    private int folder(List<String> path) {
        int folder = ROOT;
        for (int i = 0; i < path.size() - 1; i++) {
            int next = folders.size() + 1;
            Integer known = folders.putIfAbsent(new Place(folder, key(i, path.get(i))), next);
            folder = known == null ? next : known;
        }
        return folder;
    }

    @SuppressWarnings("ReferenceEquality") // an equal name has an equal key, found a second time
    private String key(int depth, String name) {
        if (folderNames[depth] != name) {
            folderNames[depth] = name;
            keys[depth] = rules.key(name);
        }
        return keys[depth];
    }

    private String distinct(int folder, String name) {
        if (take(folder, name)) {
            return name;
        }
        String stem = SafeName.stem(name);
        String extension = SafeName.extension(name);
        Place family = new Place(folder, rules.key(stem + '/' + extension));
        while (true) {
            String other = SafeName.numbered(stem, numbers.merge(family, 1, Integer::sum), extension);
            if (take(folder, other)) {
                return other;
            }
        }
    }

    private boolean take(int folder, String name) {
        Place place = new Place(folder, rules.key(name));
        return !folders.containsKey(place) && taken.add(place);
    }
}
