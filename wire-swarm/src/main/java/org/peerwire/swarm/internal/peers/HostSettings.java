/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import java.net.InetSocketAddress;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.peerwire.EncryptionPolicy;
import org.peerwire.PayloadMode;
import org.peerwire.WireClient;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import org.peerwire.swarm.RateLimit;

/** The configuration of a host. {@link #with} copies it; nothing changes it later. */
public final class HostSettings implements Cloneable {
    /** A host with pooled payloads and without a port. */
    public static final HostSettings DEFAULT = new HostSettings();

    public WireOptions options =
            WireOptions.builder().payloadMode(PayloadMode.POOLED).build();
    public EncryptionPolicy encryption = EncryptionPolicy.PREFER_PLAINTEXT;
    public String host = "0.0.0.0";
    public @Nullable Integer port;
    /** The address at which peers reach us, or null if it is that of the open port. */
    public @Nullable InetSocketAddress announced;

    public int maxWires = 500;
    public RateLimit download = RateLimit.unlimited();
    public RateLimit upload = RateLimit.unlimited();
    public UnaryOperator<WireClient> client = UnaryOperator.identity();
    public UnaryOperator<WireServer> server = UnaryOperator.identity();

    private HostSettings() {}

    /** Returns a changed copy. */
    public HostSettings with(Consumer<HostSettings> change) {
        try {
            HostSettings copy = (HostSettings) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }
}
