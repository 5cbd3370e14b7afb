/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import io.netty.resolver.AddressResolverGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.peerwire.discovery.internal.net.GuardedResolver;
import org.peerwire.discovery.internal.tracker.TrackerSettings;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;

/** The options of {@link Tracker} and {@link Trackers}. Immutable and thread-safe. */
public final class TrackerOptions {
    private static final TrackerOptions DEFAULTS = builder().build();

    private final Builder set;

    private TrackerOptions(Builder set) {
        this.set = set;
    }

    /** Returns the default options. */
    public static TrackerOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a builder with the default options. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder with these options. */
    public Builder toBuilder() {
        return set.copy();
    }

    /**
     * Returns the source of all time except that of name lookups and of the connect timeout. Default
     * {@link Schedulers#parallel()}, looked up at each subscription, so that virtual time works.
     */
    public Scheduler scheduler() {
        return set.scheduler != null ? set.scheduler : Schedulers.parallel();
    }

    /**
     * Returns true if trackers, and redirects of trackers, may be on the local network: loopback, link-local, private
     * and similar addresses. Then peers of such addresses are used as well. Default false, because the URL may come from
     * a stranger. Of the trackers of a magnet link or torrent file, a URL with a query and every redirect are refused
     * there in any case, because a stranger could tell a service there what to do.
     */
    public boolean allowLocal() {
        return set.allowLocal;
    }

    /**
     * Returns true to announce to one tracker of each tier, false to announce to one tracker in all, of the first tier
     * that has one which answers. Default false. Source: BEP 12; clients that want more peers do the former.
     */
    public boolean everyTier() {
        return set.everyTier;
    }

    /**
     * Returns the time without an answer after which the next trackers are asked as well: one, then two, four and so on,
     * with at most 32 under way. Default 1 s, range 100 ms to 1 hour. A failure does not wait for it.
     */
    public Duration patience() {
        return set.patience;
    }

    /** Returns the time for a connection and the headers of a response over HTTP. Default 15 s, range 1 s to 1 hour. */
    public Duration responseTimeout() {
        return set.responseTimeout;
    }

    /** Returns the time for a request over HTTP with all its redirects. Default 30 s, range 1 s to 1 hour. */
    public Duration httpTimeout() {
        return set.httpTimeout;
    }

    /**
     * Returns the time for a request over UDP with all its repetitions, which are sent 15 s, 30 s, 60 s and so on after
     * the last packet (BEP 15). Default 60 s, range 1 s to 3 hours. BEP 15 gives up after 7,665 s.
     */
    public Duration udpTimeout() {
        return set.udpTimeout;
    }

    /**
     * Returns the minimum time between two announces to a tracker without an event. Default 60 s, range 1 s to 24 hours.
     * A tracker that asks for more is obeyed, up to 24 hours.
     */
    public Duration minInterval() {
        return set.minInterval;
    }

    /**
     * Returns the address from which trackers are asked, or null for any. Default null. With one, only its family is
     * announced. A tracker takes it as the address of the peer.
     */
    public @Nullable InetAddress localAddress() {
        return set.localAddress;
    }

    /** Returns the User-Agent of requests over HTTP. Default {@code Peerwire}. */
    public String userAgent() {
        return set.userAgent;
    }

    /**
     * Returns the change of the HTTP client, for example the trusted certificates or a proxy. Default none: the
     * certificates are trusted that the JDK trusts. So a tracker with a certificate of its own is asked:
     *
     * <pre>{@code
     * SslContext trusting = SslContextBuilder.forClient().trustManager(new File("tracker.pem")).build();
     * TrackerOptions options = TrackerOptions.builder()
     *         .httpClient(client -> client.secure(ssl -> ssl.sslContext(trusting)))
     *         .build();
     * }</pre>
     *
     * <p>The certificate must be for the host of the URL. With this example it is the only one that is trusted, by all
     * trackers of these options.
     *
     * <p>Names are resolved here and not by a proxy, which gets an address: a name that only the proxy knows, such as
     * one of {@code .onion}, is an unknown host. Each family of addresses is asked through it. Trackers over UDP do not
     * use the client, so they are asked without the proxy: leave them out if that must not be.
     */
    public UnaryOperator<HttpClient> httpClient() {
        return set.httpClient;
    }

    TrackerSettings settings(boolean isStrangers) {
        AddressResolverGroup<InetSocketAddress> names = set.names;
        return new TrackerSettings(
                scheduler(),
                names == null ? GuardedResolver.standard(allowLocal()) : GuardedResolver.of(names, allowLocal()),
                localAddress(),
                allowLocal(),
                isStrangers,
                responseTimeout(),
                httpTimeout(),
                udpTimeout(),
                userAgent(),
                httpClient());
    }

    /** A builder of options. */
    public static final class Builder implements Cloneable {
        private static final Duration DAY = Duration.ofDays(1);

        private @Nullable Scheduler scheduler;
        private @Nullable AddressResolverGroup<InetSocketAddress> names;
        private @Nullable InetAddress localAddress;
        private boolean allowLocal;
        private boolean everyTier;
        private Duration patience = Duration.ofSeconds(1);
        private Duration responseTimeout = Duration.ofSeconds(15);
        private Duration httpTimeout = Duration.ofSeconds(30);
        private Duration udpTimeout = Duration.ofSeconds(60);
        private Duration minInterval = Duration.ofSeconds(60);
        private String userAgent = "Peerwire";
        private UnaryOperator<HttpClient> httpClient = UnaryOperator.identity();

        private Builder() {}

        private Builder copy() {
            try {
                return (Builder) clone();
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(e);
            }
        }

        private Builder with(Consumer<Builder> change) {
            change.accept(this);
            return this;
        }

        /** Sets {@link TrackerOptions#scheduler()}. */
        public Builder scheduler(Scheduler source) {
            return with(b -> b.scheduler = source);
        }

        /** Sets the name service, for tests. */
        Builder names(AddressResolverGroup<InetSocketAddress> service) {
            return with(b -> b.names = service);
        }

        /** Sets {@link TrackerOptions#allowLocal()}. */
        public Builder allowLocal(boolean allowed) {
            return with(b -> b.allowLocal = allowed);
        }

        /** Sets {@link TrackerOptions#everyTier()}. */
        public Builder everyTier(boolean every) {
            return with(b -> b.everyTier = every);
        }

        /** Sets {@link TrackerOptions#patience()}. */
        public Builder patience(Duration time) {
            return with(b -> b.patience = check("patience", time, Duration.ofMillis(100), Duration.ofHours(1)));
        }

        /** Sets {@link TrackerOptions#responseTimeout()}. */
        public Builder responseTimeout(Duration timeout) {
            return with(b ->
                    b.responseTimeout = check("responseTimeout", timeout, Duration.ofSeconds(1), Duration.ofHours(1)));
        }

        /** Sets {@link TrackerOptions#httpTimeout()}. */
        public Builder httpTimeout(Duration timeout) {
            return with(b -> b.httpTimeout = check("httpTimeout", timeout, Duration.ofSeconds(1), Duration.ofHours(1)));
        }

        /** Sets {@link TrackerOptions#udpTimeout()}. */
        public Builder udpTimeout(Duration timeout) {
            return with(b -> b.udpTimeout = check("udpTimeout", timeout, Duration.ofSeconds(1), Duration.ofHours(3)));
        }

        /** Sets {@link TrackerOptions#minInterval()}. */
        public Builder minInterval(Duration interval) {
            return with(b -> b.minInterval = check("minInterval", interval, Duration.ofSeconds(1), DAY));
        }

        /** Sets {@link TrackerOptions#localAddress()}. */
        public Builder localAddress(@Nullable InetAddress address) {
            return with(b -> b.localAddress = address);
        }

        /** Sets {@link TrackerOptions#userAgent()}. */
        public Builder userAgent(String name) {
            return with(b -> b.userAgent = name);
        }

        /**
         * Sets {@link TrackerOptions#httpClient()}. The change must not set the resolver, which would undo the check of
         * local addresses.
         */
        public Builder httpClient(UnaryOperator<HttpClient> change) {
            return with(b -> b.httpClient = change);
        }

        /** Returns the options. */
        public TrackerOptions build() {
            return new TrackerOptions(copy());
        }

        private static Duration check(String name, Duration value, Duration min, Duration max) {
            if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
                throw new IllegalArgumentException(name + " must be " + min + " to " + max + ", was " + value);
            }
            return value;
        }
    }
}
