/* SPDX-License-Identifier: MIT */
/** Programs over the public packages of Peerwire, and its command line. */
module org.peerwire.examples {
    requires static org.jspecify;
    requires com.fasterxml.jackson.databind;
    requires info.picocli;
    requires io.netty.codec.http;
    requires io.netty.transport;
    requires java.net.http;
    requires me.tongfei.progressbar;
    requires org.peerwire.discovery;
    requires org.peerwire.metadata;
    requires org.peerwire.pex;
    requires org.peerwire.swarm;
    requires org.peerwire.test;
    requires reactor.netty.http;

    opens org.peerwire.examples.cli to
            info.picocli;
}
