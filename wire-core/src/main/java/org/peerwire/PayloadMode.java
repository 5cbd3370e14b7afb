/* SPDX-License-Identifier: MIT */
package org.peerwire;

/** The place of the bytes of received blocks. All other received bytes are on the heap and need no release. */
public enum PayloadMode {
    /** Copies each block to the heap. It needs no release. The default. */
    COPY,
    /**
     * Hands out a reference-counted slice of the pooled read buffer, without a copy. The receiver of a {@link Block}
     * must release it once. A message on {@link Wire#inbound()} is valid during {@code onNext}; {@code retain()} keeps
     * it longer. A kept block keeps the whole read, up to {@link WireOptions#receiveBuffer()} bytes.
     */
    POOLED
}
