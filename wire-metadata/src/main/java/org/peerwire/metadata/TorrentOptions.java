/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.nio.file.FileSystems;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** The options of {@link Torrent#create}. Immutable: {@link #builder()}, {@link #mutate()}. */
public final class TorrentOptions {
    /** The shortest piece, in bytes: 16 KiB. */
    public static final int MIN_PIECE_LENGTH = 16 * 1024;

    /** The longest piece, in bytes: 16 MiB. */
    public static final int MAX_PIECE_LENGTH = 16 * 1024 * 1024;

    private static final TorrentOptions DEFAULTS = builder().build();

    private final Builder set;

    private TorrentOptions(Builder set) {
        this.set = set;
    }

    /** Returns the options of a public torrent without trackers, comment and date. */
    public static TorrentOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder with these options. */
    public Builder mutate() {
        return set.copy();
    }

    /**
     * Returns the length of a piece, in bytes, or 0 for automatic. Default 0. A power of two from {@link
     * #MIN_PIECE_LENGTH} to {@link #MAX_PIECE_LENGTH}. Automatic gives 1,000 to 2,000 pieces, unless the shortest or
     * longest piece prevents it.
     */
    public int pieceLength() {
        return set.pieceLength;
    }

    /** Returns true if peers may come only from the trackers of the torrent (BEP 27). Default false. */
    public boolean isPrivate() {
        return set.isPrivate;
    }

    /**
     * Returns the mark of a tracker or community in the info dictionary ({@code source}). Default empty. The same files
     * with another mark have another info hash.
     */
    public Optional<String> source() {
        return Optional.ofNullable(set.source);
    }

    /** Returns the tracker URLs in tiers, first tier first (BEP 12). Default empty. */
    public List<List<String>> trackers() {
        return set.trackers;
    }

    /** Returns the comment for people. Default empty. */
    public Optional<String> comment() {
        return Optional.ofNullable(set.comment);
    }

    /**
     * Returns the creation date, of which whole seconds are stored. Default empty, so that the same files always give
     * the same torrent.
     */
    public Optional<Instant> creationDate() {
        return Optional.ofNullable(set.creationDate);
    }

    /**
     * Returns the patterns of files and folders to leave out, in the glob syntax of {@link
     * java.nio.file.FileSystem#getPathMatcher}. Default empty. A pattern with a slash is compared with the path below
     * the start, one without a slash with each name. A folder is left out with its content.
     */
    public List<String> excludes() {
        return set.excludes;
    }

    /**
     * Returns true to take hidden files and folders, and those that systems create for themselves: {@code Thumbs.db},
     * {@code ehthumbs.db}, {@code desktop.ini}, {@code $RECYCLE.BIN}, {@code System Volume Information}, {@code
     * __MACOSX}. Default false: they are left out. A name that begins with a dot is hidden. The start is always taken.
     */
    public boolean withHidden() {
        return set.withHidden;
    }

    /**
     * Returns the receiver of each file and folder that is left out, for a count or a message. Default: ignores them.
     * It is called on the thread of {@link Torrent#create}, before the data is hashed.
     */
    public Consumer<LeftOut> onLeftOut() {
        return set.onLeftOut;
    }

    /** Returns the piece length for data of this length. */
    int pieceLengthFor(long length) {
        int chosen = set.pieceLength == 0 ? MIN_PIECE_LENGTH : set.pieceLength;
        while (set.pieceLength == 0 && chosen < MAX_PIECE_LENGTH && length > 2_000L * chosen) {
            chosen *= 2;
        }
        return chosen;
    }

    /** Collects options. Each method links to the getter, which documents the option. */
    public static final class Builder implements Cloneable {
        private int pieceLength;
        private boolean isPrivate;
        private @Nullable String source;
        private List<List<String>> trackers = List.of();
        private @Nullable String comment;
        private @Nullable Instant creationDate;
        private List<String> excludes = List.of();
        private boolean withHidden;
        private Consumer<LeftOut> onLeftOut = entry -> {};

        private Builder() {}

        /** Sets {@link TorrentOptions#pieceLength()}. */
        public Builder pieceLength(int pieceLength) {
            boolean fits = pieceLength >= MIN_PIECE_LENGTH && pieceLength <= MAX_PIECE_LENGTH;
            if (pieceLength != 0 && (!fits || Integer.bitCount(pieceLength) != 1)) {
                throw Ranges.failure(
                        "pieceLength",
                        "0 or a power of two from " + MIN_PIECE_LENGTH + " to " + MAX_PIECE_LENGTH,
                        pieceLength);
            }
            this.pieceLength = pieceLength;
            return this;
        }

        /** Sets {@link TorrentOptions#isPrivate()}. */
        public Builder isPrivate(boolean isPrivate) {
            this.isPrivate = isPrivate;
            return this;
        }

        /** Sets {@link TorrentOptions#source()}. */
        public Builder source(String source) {
            this.source = source;
            return this;
        }

        /** Sets {@link TorrentOptions#trackers()}. Copies the lists. */
        public Builder trackers(List<List<String>> trackers) {
            this.trackers = trackers.stream().map(List::copyOf).toList();
            return this;
        }

        /** Sets {@link TorrentOptions#comment()}. */
        public Builder comment(String comment) {
            this.comment = comment;
            return this;
        }

        /** Sets {@link TorrentOptions#creationDate()}. */
        public Builder creationDate(Instant creationDate) {
            this.creationDate = creationDate;
            return this;
        }

        /**
         * Sets {@link TorrentOptions#excludes()}. Copies the list.
         *
         * @throws IllegalArgumentException if a pattern is blank or malformed
         */
        public Builder excludes(List<String> excludes) {
            excludes.forEach(Builder::checkPattern);
            this.excludes = List.copyOf(excludes);
            return this;
        }

        private static void checkPattern(String pattern) {
            try {
                if (!pattern.isBlank()) {
                    FileSystems.getDefault().getPathMatcher("glob:" + pattern);
                    return;
                }
            } catch (PatternSyntaxException e) {
                // the message of the exception has several lines
            }
            throw Ranges.failure("exclude", "a pattern such as *.tmp or cache/**", '"' + pattern + '"');
        }

        /** Sets {@link TorrentOptions#withHidden()}. */
        public Builder withHidden(boolean withHidden) {
            this.withHidden = withHidden;
            return this;
        }

        /** Sets {@link TorrentOptions#onLeftOut()}. */
        public Builder onLeftOut(Consumer<LeftOut> onLeftOut) {
            this.onLeftOut = onLeftOut;
            return this;
        }

        /** Returns the options. */
        public TorrentOptions build() {
            return new TorrentOptions(copy());
        }

        private Builder copy() {
            try {
                return (Builder) clone();
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
