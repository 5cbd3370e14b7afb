/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.net;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.peerwire.discovery.internal.net.GuardedResolver.Family;

/** A host has addresses, but none of the wanted family. */
public final class NoAddressException extends IOException {
    private static final long serialVersionUID = 1L;

    NoAddressException(String host, @Nullable Family family) {
        super(host + " has no " + (family == null ? "" : family == Family.IPV4 ? "IPv4 " : "IPv6 ") + "address");
    }
}
