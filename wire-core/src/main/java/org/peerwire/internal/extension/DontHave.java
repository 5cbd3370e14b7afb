/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.extension;

import org.peerwire.extension.Extension;

/** The extension of BEP 54, whose only message is the index of a lost piece. */
record DontHave(String name) implements Extension {
    /** The length of a message, in bytes. */
    static final int LENGTH = 4;

    @Override
    public int maxMessageLength() {
        return LENGTH;
    }
}
