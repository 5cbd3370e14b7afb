/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Every clock and every buffer of a wire; what its peer may do is in {@link #limits()}. Immutable: {@link #builder()},
 * {@link #mutate()}. The defaults are those of the clients of the field and safe against hostile peers.
 */
public final class WireOptions {
    private static final WireOptions DEFAULTS = builder().build();

    private final Builder set;

    private WireOptions(Builder set) {
        this.set = set;
    }

    /** The options a client or server has when none are given. */
    public static WireOptions defaults() {
        return DEFAULTS;
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder with these options. */
    public Builder mutate() {
        return set.copy();
    }

    /**
     * Where all time comes from. Without one of your own this is {@link Schedulers#parallel()}, looked up when it is
     * asked for, so virtual time that replaces the schedulers works too.
     */
    public Scheduler scheduler() {
        return set.scheduler != null ? set.scheduler : Schedulers.parallel();
    }

    /**
     * From the connection to both handshakes done; one deadline, however the bytes drip. Then HandshakeException
     * TIMED_OUT. Default 10 s (libtorrent 10 s, Transmission 30 s).
     */
    public Duration handshakeTimeout() {
        return set.handshakeTimeout;
    }

    /**
     * After this long without writing anything a keep-alive is sent. Peers close after 120 to 150 s (BEP 3). Default
     * 110 s.
     */
    public Duration keepAliveInterval() {
        return set.keepAliveInterval;
    }

    /**
     * After this long without reading anything the wire fails with ConnectionException IDLE. The clock stands while
     * reading is paused. Default 150 s (libtorrent 120 s, anacrolix/torrent 150 s).
     */
    public Duration idleTimeout() {
        return set.idleTimeout;
    }

    /**
     * After this long without an answer a request fails with RequestException TIMED_OUT and is cancelled at the peer.
     * The clock stands while reading is paused. Default 60 s (libtorrent).
     */
    public Duration requestTimeout() {
        return set.requestTimeout;
    }

    /**
     * How long a subscriber with a full queue may keep the wire from reading before it fails with ConnectionException
     * SLOW_SUBSCRIBER. Default 10 s.
     */
    public Duration stallTimeout() {
        return set.stallTimeout;
    }

    /** Where the bytes of received blocks are. Default {@link PayloadMode#COPY}. */
    public PayloadMode payloadMode() {
        return set.payloadMode;
    }

    /** What a peer may do. Default {@link WireLimits#defaults()}. */
    public WireLimits limits() {
        return set.limits;
    }

    /** How many requests {@link BlockExchange#download} keeps outstanding. Default {@link RequestWindow#adaptive()}. */
    public RequestWindow requestWindow() {
        return set.requestWindow;
    }

    /** Name and version in our extended handshake ({@code v}, BEP 10); empty for none. Default Peerwire 0.1. */
    public String clientName() {
        return set.clientName;
    }

    /**
     * Bytes read from the socket at a time. Larger reads cost less; the buffer is pooled and not held by an idle
     * wire. Default 256 KiB.
     */
    public int receiveBuffer() {
        return set.receiveBuffer;
    }

    /**
     * Bytes of blocks read from a {@link BlockSource} and not yet written, at most. A peer that does not read holds
     * no more. Default 256 KiB (libtorrent 500 KiB).
     */
    public int uploadBuffer() {
        return set.uploadBuffer;
    }

    /** Pieces that {@link BlockExchange#serve} announces as allowed fast (BEP 6); 0 announces none. Default 10 (BEP 6). */
    public int allowedFastPieces() {
        return set.allowedFastPieces;
    }

    /** Requests kept outstanding, at most, at a peer that does not tell its {@code reqq}. Default 250 (BEP 10). */
    public int defaultPeerRequestQueue() {
        return set.defaultPeerRequestQueue;
    }

    /** Messages that wait for a subscriber of {@link Wire#inbound()} before reading is paused. Default 256. */
    public int subscriberQueue() {
        return set.subscriberQueue;
    }

    /** Bytes that wait for a subscriber of {@link Wire#inbound()} before reading is paused. Default 1 MiB. */
    public int subscriberBuffer() {
        return set.subscriberBuffer;
    }

    /** Messages that wait to be written before {@link MessageSink} refuses more. Default 16,384. */
    public int outboundQueue() {
        return set.outboundQueue;
    }

    /**
     * Where the key exchanges of {@link EncryptionPolicy} are computed, which takes about 0.1 ms of a processor each and
     * may have to wait for random numbers: no event loop, nor another scheduler of threads that must not block. Looked up
     * when a client or server is made. Default {@link Schedulers#boundedElastic()}.
     */
    public Scheduler encryptionScheduler() {
        return set.encryptionScheduler != null ? set.encryptionScheduler : Schedulers.boundedElastic();
    }

    /** Key exchanges that one client or server computes at once: the threads that a flood of them can occupy. Default 2. */
    public int keyExchangesAtOnce() {
        return set.keyExchangesAtOnce;
    }

    /**
     * Key exchanges of one client or server that wait for their turn. A connection that would be one more is closed with
     * HandshakeException BUSY. Default 1,024.
     */
    public int keyExchangesWaiting() {
        return set.keyExchangesWaiting;
    }

    /** Collects options; each method says what it sets in the method of {@link WireOptions} of the same name. */
    public static final class Builder implements Cloneable {
        private Duration handshakeTimeout = Duration.ofSeconds(10);
        private Duration keepAliveInterval = Duration.ofSeconds(110);
        private Duration idleTimeout = Duration.ofSeconds(150);
        private Duration requestTimeout = Duration.ofSeconds(60);
        private Duration stallTimeout = Duration.ofSeconds(10);
        private PayloadMode payloadMode = PayloadMode.COPY;
        private WireLimits limits = WireLimits.defaults();
        private RequestWindow requestWindow = RequestWindow.adaptive();
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
        private int keyExchangesAtOnce = 2;
        private int keyExchangesWaiting = 1024;

        private Builder() {}

        /** See {@link WireOptions#scheduler()}. */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = scheduler;
            return this;
        }

        /** See {@link WireOptions#handshakeTimeout()}; 1 ms to 365 days. */
        public Builder handshakeTimeout(Duration handshakeTimeout) {
            this.handshakeTimeout = Ranges.check("handshakeTimeout", handshakeTimeout);
            return this;
        }

        /** See {@link WireOptions#keepAliveInterval()}; 1 ms to 365 days. */
        public Builder keepAliveInterval(Duration keepAliveInterval) {
            this.keepAliveInterval = Ranges.check("keepAliveInterval", keepAliveInterval);
            return this;
        }

        /** See {@link WireOptions#idleTimeout()}; 1 ms to 365 days. */
        public Builder idleTimeout(Duration idleTimeout) {
            this.idleTimeout = Ranges.check("idleTimeout", idleTimeout);
            return this;
        }

        /** See {@link WireOptions#requestTimeout()}; 1 ms to 365 days. */
        public Builder requestTimeout(Duration requestTimeout) {
            this.requestTimeout = Ranges.check("requestTimeout", requestTimeout);
            return this;
        }

        /** See {@link WireOptions#stallTimeout()}; 1 ms to 365 days. */
        public Builder stallTimeout(Duration stallTimeout) {
            this.stallTimeout = Ranges.check("stallTimeout", stallTimeout);
            return this;
        }

        /** See {@link WireOptions#payloadMode()}. */
        public Builder payloadMode(PayloadMode payloadMode) {
            this.payloadMode = payloadMode;
            return this;
        }

        /** See {@link WireOptions#limits()}. */
        public Builder limits(WireLimits limits) {
            this.limits = limits;
            return this;
        }

        /** Changes {@link WireOptions#limits()}: {@code limits(to -> to.maxHashes(8192))}. */
        public Builder limits(UnaryOperator<WireLimits.Builder> change) {
            return limits(change.apply(limits.mutate()).build());
        }

        /** See {@link WireOptions#requestWindow()}. */
        public Builder requestWindow(RequestWindow requestWindow) {
            this.requestWindow = requestWindow;
            return this;
        }

        /** See {@link WireOptions#clientName()}. */
        public Builder clientName(String clientName) {
            this.clientName = clientName;
            return this;
        }

        /** See {@link WireOptions#receiveBuffer()}; 1,024 to 16,777,216. */
        public Builder receiveBuffer(int receiveBuffer) {
            this.receiveBuffer = Ranges.check("receiveBuffer", receiveBuffer, 1024, 16777216);
            return this;
        }

        /** See {@link WireOptions#uploadBuffer()}; 16,384 to 67,108,864. */
        public Builder uploadBuffer(int uploadBuffer) {
            this.uploadBuffer = Ranges.check("uploadBuffer", uploadBuffer, 16384, 67108864);
            return this;
        }

        /** See {@link WireOptions#allowedFastPieces()}; 0 to 128. */
        public Builder allowedFastPieces(int allowedFastPieces) {
            this.allowedFastPieces = Ranges.check("allowedFastPieces", allowedFastPieces, 0, 128);
            return this;
        }

        /** See {@link WireOptions#defaultPeerRequestQueue()}; 1 to 65,536. */
        public Builder defaultPeerRequestQueue(int defaultPeerRequestQueue) {
            this.defaultPeerRequestQueue = Ranges.check("defaultPeerRequestQueue", defaultPeerRequestQueue, 1, 65536);
            return this;
        }

        /** See {@link WireOptions#subscriberQueue()}; 1 to 1,048,576. */
        public Builder subscriberQueue(int subscriberQueue) {
            this.subscriberQueue = Ranges.check("subscriberQueue", subscriberQueue, 1, 1048576);
            return this;
        }

        /** See {@link WireOptions#subscriberBuffer()}; 1 to 1,073,741,824. */
        public Builder subscriberBuffer(int subscriberBuffer) {
            this.subscriberBuffer = Ranges.check("subscriberBuffer", subscriberBuffer, 1, 1073741824);
            return this;
        }

        /** See {@link WireOptions#outboundQueue()}; 16 to 16,777,216. */
        public Builder outboundQueue(int outboundQueue) {
            this.outboundQueue = Ranges.check("outboundQueue", outboundQueue, 16, 16777216);
            return this;
        }

        /** See {@link WireOptions#encryptionScheduler()}. */
        public Builder encryptionScheduler(Scheduler encryptionScheduler) {
            this.encryptionScheduler = encryptionScheduler;
            return this;
        }

        /** See {@link WireOptions#keyExchangesAtOnce()}; 1 to 1,024. */
        public Builder keyExchangesAtOnce(int keyExchangesAtOnce) {
            this.keyExchangesAtOnce = Ranges.check("keyExchangesAtOnce", keyExchangesAtOnce, 1, 1024);
            return this;
        }

        /** See {@link WireOptions#keyExchangesWaiting()}; 0 to 1,048,576. */
        public Builder keyExchangesWaiting(int keyExchangesWaiting) {
            this.keyExchangesWaiting = Ranges.check("keyExchangesWaiting", keyExchangesWaiting, 0, 1048576);
            return this;
        }

        /** The options. */
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
