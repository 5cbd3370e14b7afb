/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.MessageCodec;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Every limit and every clock of a wire. Immutable: {@link #builder()}, {@link #mutate()}. The defaults are those of the
 * clients of the field and safe against hostile peers.
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
     * TIMED_OUT. Default 10 s.
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
     * reading is paused. Default 150 s.
     */
    public Duration idleTimeout() {
        return set.idleTimeout;
    }

    /**
     * After this long without an answer a request fails with RequestException TIMED_OUT and is cancelled at the peer.
     * The clock stands while reading is paused. Default 60 s.
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

    /** Longest message of any kind; a longer length prefix ends the wire on its fourth byte. Default 1 MiB. */
    public int maxMessageLength() {
        return set.maxMessageLength;
    }

    /** Longest block asked for, accepted or served. 16 KiB as everybody; at most 128 KiB. Default 16 KiB. */
    public int maxBlockLength() {
        return set.maxBlockLength;
    }

    /**
     * While the shape is not known: pieces a peer may claim. A bitfield is then at most an eighth of it in bytes.
     * Default 2,097,152.
     */
    public int maxPieces() {
        return set.maxPieces;
    }

    /** Longest extended handshake; a longer one ends the wire on its sixth byte. Default 32 KiB. */
    public int maxExtendedHandshakeLength() {
        return set.maxExtendedHandshakeLength;
    }

    /** Longest message with an unknown id; a longer one ends the wire on its fifth byte. Default 16 KiB. */
    public int maxUnknownMessageLength() {
        return set.maxUnknownMessageLength;
    }

    /** Hashes in one hashes message (BEP 52), proof not counted. Default 512. */
    public int maxHashes() {
        return set.maxHashes;
    }

    /**
     * Requests of the peer that wait at once; announced as {@code reqq} (BEP 10). More are rejected under Fast and
     * dropped otherwise. Default 500.
     */
    public int maxQueuedUploads() {
        return set.maxQueuedUploads;
    }

    /**
     * Bytes of blocks read from a {@link BlockSource} and not yet written, at most. A peer that does not read holds
     * no more. Default 256 KiB.
     */
    public int uploadBuffer() {
        return set.uploadBuffer;
    }

    /** Pieces that {@link BlockExchange#serve} announces as allowed fast (BEP 6); 0 announces none. Default 10. */
    public int allowedFastPieces() {
        return set.allowedFastPieces;
    }

    /** Requests kept outstanding, at most, at a peer that does not tell its {@code reqq}. Default 250. */
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

    /** Collects options; each method says what it sets in the method of {@link WireOptions} of the same name. */
    public static final class Builder implements Cloneable {
        private static final Duration SHORTEST = Duration.ofMillis(1);
        private static final Duration LONGEST = Duration.ofDays(365);

        private Duration handshakeTimeout = Duration.ofSeconds(10);
        private Duration keepAliveInterval = Duration.ofSeconds(110);
        private Duration idleTimeout = Duration.ofSeconds(150);
        private Duration requestTimeout = Duration.ofSeconds(60);
        private Duration stallTimeout = Duration.ofSeconds(10);
        private PayloadMode payloadMode = PayloadMode.COPY;
        private RequestWindow requestWindow = RequestWindow.adaptive();
        private String clientName = "Peerwire 0.1";
        private int receiveBuffer = 256 * 1024;
        private int maxMessageLength = 1024 * 1024;
        private int maxBlockLength = BlockRequest.BLOCK_LENGTH;
        private int maxPieces = 2_097_152;
        private int maxExtendedHandshakeLength = 32 * 1024;
        private int maxUnknownMessageLength = 16 * 1024;
        private int maxHashes = 512;
        private int maxQueuedUploads = 500;
        private int uploadBuffer = 256 * 1024;
        private int allowedFastPieces = 10;
        private int defaultPeerRequestQueue = 250;
        private int subscriberQueue = 256;
        private int subscriberBuffer = 1024 * 1024;
        private int outboundQueue = 16_384;
        private @Nullable Scheduler scheduler;

        private Builder() {}

        /** See {@link WireOptions#scheduler()}. */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = scheduler;
            return this;
        }

        /** See {@link WireOptions#handshakeTimeout()}; 1 ms to 365 days. */
        public Builder handshakeTimeout(Duration handshakeTimeout) {
            this.handshakeTimeout = positive("handshakeTimeout", handshakeTimeout);
            return this;
        }

        /** See {@link WireOptions#keepAliveInterval()}; 1 ms to 365 days. */
        public Builder keepAliveInterval(Duration keepAliveInterval) {
            this.keepAliveInterval = positive("keepAliveInterval", keepAliveInterval);
            return this;
        }

        /** See {@link WireOptions#idleTimeout()}; 1 ms to 365 days. */
        public Builder idleTimeout(Duration idleTimeout) {
            this.idleTimeout = positive("idleTimeout", idleTimeout);
            return this;
        }

        /** See {@link WireOptions#requestTimeout()}; 1 ms to 365 days. */
        public Builder requestTimeout(Duration requestTimeout) {
            this.requestTimeout = positive("requestTimeout", requestTimeout);
            return this;
        }

        /** See {@link WireOptions#stallTimeout()}; 1 ms to 365 days. */
        public Builder stallTimeout(Duration stallTimeout) {
            this.stallTimeout = positive("stallTimeout", stallTimeout);
            return this;
        }

        /** See {@link WireOptions#payloadMode()}. */
        public Builder payloadMode(PayloadMode payloadMode) {
            this.payloadMode = payloadMode;
            return this;
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
            this.receiveBuffer = range("receiveBuffer", receiveBuffer, 1024, 16777216);
            return this;
        }

        /** See {@link WireOptions#maxMessageLength()}; 1,024 to 16,777,216. */
        public Builder maxMessageLength(int maxMessageLength) {
            this.maxMessageLength = range("maxMessageLength", maxMessageLength, 1024, 16777216);
            return this;
        }

        /** See {@link WireOptions#maxBlockLength()}; 1 to 131,072. */
        public Builder maxBlockLength(int maxBlockLength) {
            this.maxBlockLength = range("maxBlockLength", maxBlockLength, 1, 131072);
            return this;
        }

        /** See {@link WireOptions#maxPieces()}; 1 to 1,073,741,824. */
        public Builder maxPieces(int maxPieces) {
            this.maxPieces = range("maxPieces", maxPieces, 1, 1073741824);
            return this;
        }

        /** See {@link WireOptions#maxExtendedHandshakeLength()}; 64 to 1,048,576. */
        public Builder maxExtendedHandshakeLength(int maxExtendedHandshakeLength) {
            this.maxExtendedHandshakeLength =
                    range("maxExtendedHandshakeLength", maxExtendedHandshakeLength, 64, 1048576);
            return this;
        }

        /** See {@link WireOptions#maxUnknownMessageLength()}; 0 to 1,048,576. */
        public Builder maxUnknownMessageLength(int maxUnknownMessageLength) {
            this.maxUnknownMessageLength = range("maxUnknownMessageLength", maxUnknownMessageLength, 0, 1048576);
            return this;
        }

        /** See {@link WireOptions#maxHashes()}; 2 to 8,192. */
        public Builder maxHashes(int maxHashes) {
            this.maxHashes = range("maxHashes", maxHashes, 2, 8192);
            return this;
        }

        /** See {@link WireOptions#maxQueuedUploads()}; 1 to 65,536. */
        public Builder maxQueuedUploads(int maxQueuedUploads) {
            this.maxQueuedUploads = range("maxQueuedUploads", maxQueuedUploads, 1, 65536);
            return this;
        }

        /** See {@link WireOptions#uploadBuffer()}; 16,384 to 67,108,864. */
        public Builder uploadBuffer(int uploadBuffer) {
            this.uploadBuffer = range("uploadBuffer", uploadBuffer, 16384, 67108864);
            return this;
        }

        /** See {@link WireOptions#allowedFastPieces()}; 0 to 128. */
        public Builder allowedFastPieces(int allowedFastPieces) {
            this.allowedFastPieces = range("allowedFastPieces", allowedFastPieces, 0, 128);
            return this;
        }

        /** See {@link WireOptions#defaultPeerRequestQueue()}; 1 to 65,536. */
        public Builder defaultPeerRequestQueue(int defaultPeerRequestQueue) {
            this.defaultPeerRequestQueue = range("defaultPeerRequestQueue", defaultPeerRequestQueue, 1, 65536);
            return this;
        }

        /** See {@link WireOptions#subscriberQueue()}; 1 to 1,048,576. */
        public Builder subscriberQueue(int subscriberQueue) {
            this.subscriberQueue = range("subscriberQueue", subscriberQueue, 1, 1048576);
            return this;
        }

        /** See {@link WireOptions#subscriberBuffer()}; 1 to 1,073,741,824. */
        public Builder subscriberBuffer(int subscriberBuffer) {
            this.subscriberBuffer = range("subscriberBuffer", subscriberBuffer, 1, 1073741824);
            return this;
        }

        /** See {@link WireOptions#outboundQueue()}; 16 to 16,777,216. */
        public Builder outboundQueue(int outboundQueue) {
            this.outboundQueue = range("outboundQueue", outboundQueue, 16, 16777216);
            return this;
        }

        /** The options. */
        public WireOptions build() {
            if (maxMessageLength < MessageCodec.PIECE_HEADER_LENGTH + maxBlockLength) {
                throw new IllegalArgumentException(
                        "a block of " + maxBlockLength + " bytes does not fit into a message of " + maxMessageLength);
            }
            return new WireOptions(copy());
        }

        private Builder copy() {
            try {
                return (Builder) clone();
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(e);
            }
        }

        private static int range(String name, int value, int min, int max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(name + " is " + min + " to " + max + ", not " + value);
            }
            return value;
        }

        private static Duration positive(String name, Duration value) {
            if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(name + " is 1 ms to 365 days, not " + value);
            }
            return value;
        }
    }
}
