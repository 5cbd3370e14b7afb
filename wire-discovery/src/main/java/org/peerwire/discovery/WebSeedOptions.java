/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import java.time.Duration;

/** The options of {@link WebSeeds}. Immutable; created by {@link #builder()}. */
public final class WebSeedOptions {
    private static final WebSeedOptions DEFAULTS = builder().build();

    private final boolean allowLocal;
    private final int maxSeeds;
    private final int maxRedirects;
    private final Duration connectTimeout;

    private WebSeedOptions(Builder set) {
        this.allowLocal = set.allowLocal;
        this.maxSeeds = set.maxSeeds;
        this.maxRedirects = set.maxRedirects;
        this.connectTimeout = set.connectTimeout;
    }

    /** Returns the default options. */
    public static WebSeedOptions defaults() {
        return DEFAULTS;
    }

    /** Creates a builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns true if web seeds may be in the local network, including this machine. Default false: the author of a
     * torrent must not make us reach a server that only we can reach. Names are checked after their resolution, and the
     * targets of redirects as well.
     */
    public boolean allowLocal() {
        return allowLocal;
    }

    /** Returns the maximum number of web seeds. Default 16, range 1 to 256. Further ones are left out. */
    public int maxSeeds() {
        return maxSeeds;
    }

    /** Returns the maximum number of redirects of one read. Default 5, range 0 to 20. The source is given up after it. */
    public int maxRedirects() {
        return maxRedirects;
    }

    /** Returns the time in which a connection must open. Default 15 s, range 1 ms to 1 min. */
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /** A builder of options. */
    public static final class Builder {
        private static final Duration LEAST = Duration.ofMillis(1);
        private static final Duration MOST = Duration.ofMinutes(1);

        private boolean allowLocal;
        private int maxSeeds = 16;
        private int maxRedirects = 5;
        private Duration connectTimeout = Duration.ofSeconds(15);

        private Builder() {}

        /** Sets {@link WebSeedOptions#allowLocal()}. */
        public Builder allowLocal(boolean allowLocal) {
            this.allowLocal = allowLocal;
            return this;
        }

        /** Sets {@link WebSeedOptions#maxSeeds()}. */
        public Builder maxSeeds(int maxSeeds) {
            this.maxSeeds = checked("maxSeeds", maxSeeds, 1, 256);
            return this;
        }

        /** Sets {@link WebSeedOptions#maxRedirects()}. */
        public Builder maxRedirects(int maxRedirects) {
            this.maxRedirects = checked("maxRedirects", maxRedirects, 0, 20);
            return this;
        }

        /** Sets {@link WebSeedOptions#connectTimeout()}. */
        public Builder connectTimeout(Duration connectTimeout) {
            if (connectTimeout.compareTo(LEAST) < 0 || connectTimeout.compareTo(MOST) > 0) {
                throw new IllegalArgumentException(
                        "connectTimeout must be " + LEAST + " to " + MOST + ", was " + connectTimeout);
            }
            this.connectTimeout = connectTimeout;
            return this;
        }

        private static int checked(String name, int value, int least, int most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(name + " must be " + least + " to " + most + ", was " + value);
            }
            return value;
        }

        /** Returns the options. */
        public WebSeedOptions build() {
            return new WebSeedOptions(this);
        }
    }
}
