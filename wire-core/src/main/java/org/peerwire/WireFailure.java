/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.net.SocketAddress;
import java.util.Optional;

/**
 * The reason for which an accepted connection did not become a wire, or for which its wire failed. Given to
 * {@link WireServer#onFailure}.
 *
 * @param remoteAddress the address of the peer; that of the server if the system names none, as for a Unix domain
 *     socket
 * @param stage the step that failed
 * @param wire the wire, which has ended or is about to; empty in the first three stages
 * @param cause the failure: a {@link PeerFault}, such as {@link WireException}, if the peer or the connection caused
 *     it, else the error of the application
 */
public record WireFailure(SocketAddress remoteAddress, Stage stage, Optional<Wire> wire, Throwable cause) {

    /** The steps that can fail, in their order. */
    public enum Stage {
        /**
         * A limit of connections was reached, or the server was closing. Nothing was read. The cause is a
         * {@link HandshakeException} BUSY or CLOSED.
         */
        REFUSED,
        /**
         * The handshake failed, or the server was closed during it. The cause is a {@link HandshakeException}, or an
         * error of this side, for example of an extension.
         */
        OPENING,
        /**
         * The {@link Admission} refused the peer. The cause is a {@link HandshakeException} NOT_ADMITTED, which has a
         * cause of its own if the admission failed.
         */
        ADMISSION,
        /** The handler threw, returned null or failed. The cause is its error. */
        HANDLER,
        /** The handler failed with the error of a {@link BlockSource}. */
        SOURCE,
        /** The wire failed. The cause is the error of {@link Wire#onClose()}. */
        WIRE
    }
}
