/* SPDX-License-Identifier: MIT */
/** The wires of one torrent, and verified pieces out of them. */
module org.peerwire.swarm {
    requires transitive org.peerwire;
    requires transitive org.peerwire.metadata;
    requires transitive org.peerwire.pex;

    exports org.peerwire.swarm;
}
