/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.net;

import java.io.IOException;
import java.net.InetAddress;

/** The refusal to connect to an address of the local network. */
public final class LocalAddressException extends IOException {
    private static final long serialVersionUID = 1L;

    LocalAddressException(String host, InetAddress address) {
        super(host + " is on the local network (" + address.getHostAddress() + ")");
    }
}
