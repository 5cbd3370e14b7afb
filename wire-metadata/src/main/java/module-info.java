/* SPDX-License-Identifier: MIT */
/** Metadata exchange (BEP 9), magnet links and torrent files over the wires of Peerwire. */
module org.peerwire.metadata {
    requires transitive org.peerwire;

    exports org.peerwire.metadata;
}
