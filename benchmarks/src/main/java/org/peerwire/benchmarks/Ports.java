/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import java.io.IOException;
import java.net.ServerSocket;

/** Free ports. */
final class Ports {
    private Ports() {}

    static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
