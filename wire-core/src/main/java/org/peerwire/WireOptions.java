/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The clocks, queues and buffers of a wire. The limits for its peer are in {@link #limits()}. Immutable and
 * thread-safe: {@link #builder()} starts from the defaults, {@link #mutate()} from these options.
 *
 * <p>The timeouts are checked once a second; {@link #handshakeTimeout()} is exact.
 */
public final class WireOptions {
    private static final WireOptions DEFAULTS = builder().build();

    private final Builder set;

    private WireOptions(Builder set) {
        this.set = set;
    }

    /** Returns the options that a new client or server has. */
    public static WireOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a new builder that holds the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a new builder that holds these options. */
    public Builder mutate() {
        return set.copy();
    }

    /**
     * Returns the source of all time and of all timers. Default {@link Schedulers#parallel()}, looked up at each call,
     * so virtual time that replaces the schedulers works.
     */
    public Scheduler scheduler() {
        return set.scheduler != null ? set.scheduler : Schedulers.parallel();
    }

    /**
     * Returns the maximum time from connection to wire: encryption, handshakes and admission. Default 10 s (libtorrent
     * 10 s, Transmission 30 s), range 1 ms to 365 days. Opening then fails with {@code TIMED_OUT}.
     */
    public Duration handshakeTimeout() {
        return set.handshakeTimeout;
    }

    /**
     * Returns the time without a write after which the wire sends a keep-alive. Default 110 s, range 1 ms to 365 days.
     * BEP 3 suggests 120 s; peers close after 120 to 150 s.
     */
    public Duration keepAliveInterval() {
        return set.keepAliveInterval;
    }

    /**
     * Returns the maximum time without a byte from the peer, excluding a slow subscriber's pauses. Default 150 s
     * (libtorrent 120 s, anacrolix/torrent 150 s), range 1 ms to 365 days. The wire then fails with {@code IDLE}.
     */
    public Duration idleTimeout() {
        return set.idleTimeout;
    }

    /**
     * Returns the maximum wait for an answer, excluding a slow subscriber's pauses, and before it for the write. Default
     * 60 s (libtorrent), range 1 ms to 365 days. The request is then cancelled and fails with {@code TIMED_OUT}.
     */
    public Duration requestTimeout() {
        return set.requestTimeout;
    }

    /**
     * Returns the maximum time for which a subscriber with a full queue may take nothing, and for which
     * {@link Wire#close()} waits to write. Default 10 s, range 1 ms to 365 days. The subscriber then fails with
     * {@code SLOW_SUBSCRIBER}; a closing wire discards the rest.
     */
    public Duration stallTimeout() {
        return set.stallTimeout;
    }

    /** Returns the place of received blocks: heap or pooled memory. Default {@link PayloadMode#COPY}. */
    public PayloadMode payloadMode() {
        return set.payloadMode;
    }

    /** Returns the limits for the peer. Default {@link WireLimits#defaults()}. */
    public WireLimits limits() {
        return set.limits;
    }

    /** Returns the window of {@link BlockExchange#download}. Default {@link RequestWindow#adaptive()}. */
    public RequestWindow requestWindow() {
        return set.requestWindow;
    }

    /**
     * Returns the maximum number of bytes of blocks that all downloads of a wire request ahead of their demand. Default
     * 4 MiB, range 0 to 1 GiB; a block counts as at least 16 KiB. At the limit, and with 0 always, a block is requested
     * only when the subscriber has requested it.
     */
    public int downloadBuffer() {
        return set.downloadBuffer;
    }

    /** Returns the client name in the extended handshake ({@code v}, BEP 10). Default Peerwire 0.1; empty omits it. */
    public String clientName() {
        return set.clientName;
    }

    /**
     * Returns the maximum size of one read from the socket, in bytes. Default 256 KiB, range 1 KiB to 16 MiB. Larger reads
     * cost less CPU. The size follows what the last reads have found. The buffer is pooled, and an idle wire holds none.
     */
    public int receiveBuffer() {
        return set.receiveBuffer;
    }

    /**
     * Returns the maximum number of bytes read from a {@link BlockSource} and not yet written. Default 256 KiB
     * (libtorrent 500 KiB), range 16 KiB to 64 MiB. At the limit no further block is read until the socket takes data.
     */
    public int uploadBuffer() {
        return set.uploadBuffer;
    }

    /**
     * Returns the number of pieces that {@link BlockExchange#serve} announces as allowed fast. Default 10 (BEP 6),
     * range 0 to 128.
     */
    public int allowedFastPieces() {
        return set.allowedFastPieces;
    }

    /**
     * Returns the assumed {@code reqq} of a peer without that key, in requests. Default 250 (BEP 10), range 1 to
     * 65,536. Downloads keep one request less than that outstanding.
     */
    public int defaultPeerRequestQueue() {
        return set.defaultPeerRequestQueue;
    }

    /**
     * Returns the number of messages that fill the queue of one {@link Wire#inbound()} subscriber. Default 256, range 1
     * to 1,048,576. A full queue pauses reading until half of it has been taken.
     */
    public int subscriberQueue() {
        return set.subscriberQueue;
    }

    /** Returns the number of bytes that fill the same queue. Default 1 MiB, range 1 byte to 1 GiB. */
    public int subscriberBuffer() {
        return set.subscriberBuffer;
    }

    /**
     * Returns the maximum number of messages in {@link MessageSink}, not yet written. Default 16,384, range 16 to
     * 16,777,216. A further message is refused with {@link ConnectionException.Reason#OVERFLOW}.
     */
    public int outboundQueue() {
        return set.outboundQueue;
    }

    /**
     * Returns the scheduler that computes the key exchanges of {@link EncryptionPolicy}: about 0.1 ms of CPU each, and
     * it may block. Looked up when a client or server is made. Default {@link Schedulers#boundedElastic()}.
     */
    public Scheduler encryptionScheduler() {
        return set.encryptionScheduler != null ? set.encryptionScheduler : Schedulers.boundedElastic();
    }

    /** Returns the limits for key exchanges. Default {@link KeyExchangeLimits#DEFAULT}. */
    public KeyExchangeLimits keyExchangeLimits() {
        return set.keyExchangeLimits;
    }

    /**
     * A builder of options. Each setter returns the builder, and throws {@link IllegalArgumentException} for a value
     * outside the range.
     */
    public static final class Builder implements Cloneable {
        private Duration handshakeTimeout = Duration.ofSeconds(10);
        private Duration keepAliveInterval = Duration.ofSeconds(110);
        private Duration idleTimeout = Duration.ofSeconds(150);
        private Duration requestTimeout = Duration.ofSeconds(60);
        private Duration stallTimeout = Duration.ofSeconds(10);
        private PayloadMode payloadMode = PayloadMode.COPY;
        private WireLimits limits = WireLimits.defaults();
        private RequestWindow requestWindow = RequestWindow.adaptive();
        private int downloadBuffer = 4 * 1024 * 1024;
        private String clientName = "Peerwire 0.1";
        private int receiveBuffer = 256 * 1024;
        private int uploadBuffer = 256 * 1024;
        private int allowedFastPieces = 10;
        private int defaultPeerRequestQueue = 250;
        private int subscriberQueue = 256;
        private int subscriberBuffer = 1024 * 1024;
        private int outboundQueue = 16_384;
        private @Nullable Scheduler scheduler;
        private @Nullable Scheduler encryptionScheduler;
        private KeyExchangeLimits keyExchangeLimits = KeyExchangeLimits.DEFAULT;

        private Builder() {}

        /** Sets {@link WireOptions#scheduler()}. */
        public Builder scheduler(Scheduler source) {
            scheduler = source;
            return this;
        }

        /** Sets {@link WireOptions#handshakeTimeout()}. */
        public Builder handshakeTimeout(Duration timeout) {
            handshakeTimeout = Ranges.check("handshakeTimeout", timeout);
            return this;
        }

        /** Sets {@link WireOptions#keepAliveInterval()}. */
        public Builder keepAliveInterval(Duration interval) {
            keepAliveInterval = Ranges.check("keepAliveInterval", interval);
            return this;
        }

        /** Sets {@link WireOptions#idleTimeout()}. */
        public Builder idleTimeout(Duration timeout) {
            idleTimeout = Ranges.check("idleTimeout", timeout);
            return this;
        }

        /** Sets {@link WireOptions#requestTimeout()}. */
        public Builder requestTimeout(Duration timeout) {
            requestTimeout = Ranges.check("requestTimeout", timeout);
            return this;
        }

        /** Sets {@link WireOptions#stallTimeout()}. */
        public Builder stallTimeout(Duration timeout) {
            stallTimeout = Ranges.check("stallTimeout", timeout);
            return this;
        }

        /** Sets {@link WireOptions#payloadMode()}. */
        public Builder payloadMode(PayloadMode mode) {
            payloadMode = mode;
            return this;
        }

        /** Sets {@link WireOptions#limits()}. */
        public Builder limits(WireLimits limits) {
            this.limits = limits;
            return this;
        }

        /** Changes {@link WireOptions#limits()}: {@code limits(to -> to.maxHashes(8192))}. */
        public Builder limits(UnaryOperator<WireLimits.Builder> change) {
            return limits(change.apply(limits.mutate()).build());
        }

        /** Sets {@link WireOptions#requestWindow()}. */
        public Builder requestWindow(RequestWindow window) {
            requestWindow = window;
            return this;
        }

        /** Sets {@link WireOptions#downloadBuffer()}. */
        public Builder downloadBuffer(int bytes) {
            downloadBuffer = Ranges.check("downloadBuffer", bytes, 0, 1_073_741_824);
            return this;
        }

        /** Sets {@link WireOptions#clientName()}. */
        public Builder clientName(String name) {
            clientName = name;
            return this;
        }

        /** Sets {@link WireOptions#receiveBuffer()}. */
        public Builder receiveBuffer(int bytes) {
            receiveBuffer = Ranges.check("receiveBuffer", bytes, 1024, 16_777_216);
            return this;
        }

        /** Sets {@link WireOptions#uploadBuffer()}. */
        public Builder uploadBuffer(int bytes) {
            uploadBuffer = Ranges.check("uploadBuffer", bytes, 16_384, 67_108_864);
            return this;
        }

        /** Sets {@link WireOptions#allowedFastPieces()}. */
        public Builder allowedFastPieces(int pieces) {
            allowedFastPieces = Ranges.check("allowedFastPieces", pieces, 0, 128);
            return this;
        }

        /** Sets {@link WireOptions#defaultPeerRequestQueue()}. */
        public Builder defaultPeerRequestQueue(int requests) {
            defaultPeerRequestQueue = Ranges.check("defaultPeerRequestQueue", requests, 1, 65_536);
            return this;
        }

        /** Sets {@link WireOptions#subscriberQueue()}. */
        public Builder subscriberQueue(int messages) {
            subscriberQueue = Ranges.check("subscriberQueue", messages, 1, 1_048_576);
            return this;
        }

        /** Sets {@link WireOptions#subscriberBuffer()}. */
        public Builder subscriberBuffer(int bytes) {
            subscriberBuffer = Ranges.check("subscriberBuffer", bytes, 1, 1_073_741_824);
            return this;
        }

        /** Sets {@link WireOptions#outboundQueue()}. */
        public Builder outboundQueue(int messages) {
            outboundQueue = Ranges.check("outboundQueue", messages, 16, 16_777_216);
            return this;
        }

        /** Sets {@link WireOptions#encryptionScheduler()}. */
        public Builder encryptionScheduler(Scheduler blocking) {
            encryptionScheduler = blocking;
            return this;
        }

        /** Sets {@link WireOptions#keyExchangeLimits()}. */
        public Builder keyExchangeLimits(KeyExchangeLimits limits) {
            keyExchangeLimits = limits;
            return this;
        }

        /** Returns the options. Later changes of this builder do not change them. */
        public WireOptions build() {
            return new WireOptions(copy());
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
