/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        for (BencodeValue element : below) {
            String safe = SafeName.of(element, rules);
            if (safe != null) {
                path.add(safe);
            }
        }
        if (path.size() == 1 && !below.isEmpty()) {
            path.add(SafeName.BLANK); // the file must not have the path of the folder
        }
        return path;
    }

    /** Returns the number of the folder of a file. */
    private int folder(List<String> path) {
        int folder = ROOT;
        for (String name : path.subList(0, path.size() - 1)) {
            int next = folders.size() + 1;
            Integer known = folders.putIfAbsent(new Place(folder, rules.key(name)), next);
            folder = known == null ? next : known;
        }
        return folder;
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
