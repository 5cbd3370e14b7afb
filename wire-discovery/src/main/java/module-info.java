/* SPDX-License-Identifier: MIT */
/** Places that know peers: trackers, the distributed hash table, the local network, web seeds. */
module org.peerwire.discovery {
    requires transitive org.peerwire;
    requires transitive org.peerwire.metadata;
    requires transitive org.peerwire.pex;
    requires transitive org.peerwire.swarm;
    requires io.netty.resolver;
    requires io.netty.transport;
    requires transitive reactor.netty.http;
    // Needed by Reactor Netty, which as an automatic module cannot require them.
    requires io.netty.codec.http;
    requires io.netty.codec.http2;
    requires io.netty.handler;
    requires io.netty.handler.proxy;
    requires io.netty.resolver.dns;

    exports org.peerwire.discovery;
}
