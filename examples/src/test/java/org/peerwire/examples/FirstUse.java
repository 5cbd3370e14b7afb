/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Blocking calls that BlockHound lets pass in these tests. A swarm dials from a timer thread, so what a connection needs
 * for the first time in a JVM is loaded there, once.
 */
public final class FirstUse implements BlockHoundIntegration {
    /** For BlockHound. */
    public FirstUse() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder
                // Netty takes its native transport out of a jar. If that fails it fails for good, as a LinkageError,
                // which Reactor does not pass on, and the program waits for ever.
                .allowBlockingCallsInside("io.netty.util.internal.NativeLibraryLoader", "load")
                // Where there is no native transport: the JDK reads conf/net.properties before its first socket.
                .allowBlockingCallsInside("sun.net.NetProperties", "loadDefaultProperties");
    }
}
