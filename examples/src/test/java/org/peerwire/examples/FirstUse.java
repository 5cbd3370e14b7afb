/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * An exemption from BlockHound for the blocking calls of the first connection in a JVM. A swarm dials from a timer
 * thread, which loads the native transport and the network properties once.
 */
public final class FirstUse implements BlockHoundIntegration {
    /** For BlockHound. */
    public FirstUse() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder
                // Netty extracts its native transport from a jar. A failure is final: Reactor does not pass on the
                // LinkageError, so the program would wait for ever.
                .allowBlockingCallsInside("io.netty.util.internal.NativeLibraryLoader", "load")
                // Without a native transport, the JDK reads conf/net.properties before its first socket.
                .allowBlockingCallsInside("sun.net.NetProperties", "loadDefaultProperties");
    }
}
