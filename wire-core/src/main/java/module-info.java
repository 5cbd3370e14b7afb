/* SPDX-License-Identifier: MIT */
/**
 * The BitTorrent peer wire protocol for Project Reactor. Exports the public packages only; everything in
 * {@code org.peerwire.internal} may change in any release.
 */
module org.peerwire {
    requires static transitive org.jspecify;
    requires transitive io.netty.buffer;
    requires transitive org.reactivestreams;
    requires transitive reactor.core;
    requires transitive reactor.netty.core;
    requires transitive io.netty.common;
    requires io.netty.transport;
    // Needed by Reactor Netty, which as an automatic module cannot require them.
    requires io.netty.handler;
    requires io.netty.handler.proxy;
    requires io.netty.resolver.dns;

    exports org.peerwire;
    exports org.peerwire.bencode;
    exports org.peerwire.extension;
    exports org.peerwire.message;
}
