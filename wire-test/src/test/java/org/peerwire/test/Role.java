/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import org.peerwire.LocalPeer;

/** The side of the wire under test. */
public enum Role {
    INITIATOR {
        @Override
        public ScriptedPeer peer(LocalPeer self) {
            return ScriptedPeer.dialledBy(self);
        }
    },
    RESPONDER {
        @Override
        public ScriptedPeer peer(LocalPeer self) {
            return ScriptedPeer.dialling(self);
        }
    };

    public abstract ScriptedPeer peer(LocalPeer self);
}
