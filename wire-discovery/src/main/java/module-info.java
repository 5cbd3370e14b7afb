/* SPDX-License-Identifier: MIT */
/** Places that know peers: trackers, the distributed hash table, the local network, web seeds. */
module org.peerwire.discovery {
    requires transitive org.peerwire;
    requires transitive org.peerwire.metadata;
    requires transitive org.peerwire.pex;
    requires transitive org.peerwire.swarm;

    exports org.peerwire.discovery;
}
