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

    exports org.peerwire.test;

    provides reactor.blockhound.integration.BlockHoundIntegration with
            org.peerwire.test.ShortWaits;
}
