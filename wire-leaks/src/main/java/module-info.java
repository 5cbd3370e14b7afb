/* SPDX-License-Identifier: MIT */
/** A JUnit extension that fails a test class that leaves a Netty buffer unreleased. */
module org.peerwire.leaks {
    requires static transitive org.jspecify;
    requires io.netty.buffer;
    requires transitive io.netty.common;
    requires transitive org.junit.jupiter.api;

    exports org.peerwire.leaks;

    provides org.junit.jupiter.api.extension.Extension with
            org.peerwire.leaks.LeakExtension;
}
