/* SPDX-License-Identifier: MIT */
package org.peerwire;

/** Where the bytes of a received block are. Everything else that is received is always on the heap. */
public enum PayloadMode {
    /** Copied to the heap: no release, no leak, one copy. The default. */
    COPY,
    /**
     * A counted slice of the pooled buffer that was read from the socket: no copy, and a duty. A {@link Block} you asked
     * for is yours to release. A message seen on {@link Wire#inbound()} is valid during {@code onNext};
     * {@code retain()} it to keep it. A block that is kept keeps all of the read it came in, up to
     * {@link WireOptions#receiveBuffer()} bytes.
     */
    POOLED
}
