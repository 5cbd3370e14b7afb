/* SPDX-License-Identifier: MIT */
/** Peer exchange (BEP 11) and holepunch (BEP 55) over the wires of Peerwire. */
module org.peerwire.pex {
    requires transitive org.peerwire;

    exports org.peerwire.pex;
}
