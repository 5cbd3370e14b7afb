/* SPDX-License-Identifier: MIT */
/** The test kit of Peerwire: wires in memory, a scripted peer, a wire without a connection, assertions. */
module org.peerwire.test {
    requires transitive org.peerwire;
    requires transitive org.peerwire.leaks;
    requires transitive org.assertj.core;
    requires transitive reactor.test;
    requires io.netty.common;
    requires io.netty.transport;
    requires static reactor.blockhound;
    requires java.management;

    // ShortWaits is a service on the class path only: a module with a service of BlockHound does not start without it.
    exports org.peerwire.test;
}
