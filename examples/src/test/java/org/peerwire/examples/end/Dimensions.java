/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

/** The dimensions of the matrix, each with the words that a report uses for it. */
final class Dimensions {
    private Dimensions() {}

    /** The connection below the wire. */
    enum Transport {
        NIO("NIO"),
        EPOLL("epoll"),
        /** The test kit with its virtual clock. */
        MEMORY("in memory");

        final String text;

        Transport(String text) {
            this.text = text;
        }
    }

    /** The role of the wire under test; the peer has the other one. */
    enum Side {
        DIAL("dial"),
        ACCEPT("accept");

        final String text;

        Side(String text) {
            this.text = text;
        }
    }

    /** Message stream encryption of the connection. */
    enum Secrecy {
        PLAIN("plain"),
        RC4("RC4");

        final String text;

        Secrecy(String text) {
            this.text = text;
        }
    }

    /** The answer of the server's admission. */
    enum Answer {
        AT_ONCE("admission at once"),
        /** After {@link Subject#LATER}, by a timer. */
        LATER("admission later"),
        NEVER("admission never"),
        /** A wire that dials has no admission. */
        NONE("no admission");

        final String text;

        Answer(String text) {
            this.text = text;
        }
    }

    /** The moment of the end. */
    enum Pace {
        /** Directly after the last byte of the peer, while the wire has yet to read it. */
        TOGETHER("together with the last byte"),
        /** After the wire has read everything, or has stopped reading. */
        AFTERWARDS("afterwards"),
        /** Inside the write of the first answer to the peer's handshake; only in memory can a peer be that fast. */
        INSIDE_ANSWER("inside the answer");

        final String text;

        Pace(String text) {
            this.text = text;
        }
    }

    /** The way the peer ends the connection. */
    enum Ending {
        /** Closes after it has read what the wire has sent so far. */
        FIN("FIN"),
        /** Closes with SO_LINGER 0. */
        RST("RST"),
        /** Shuts down its output and goes on reading. */
        HALF_CLOSE("half-close"),
        /** Closes while bytes of the wire wait unread in its receive buffer, which Linux answers with a reset. */
        UNREAD("close with unread data");

        final String text;

        Ending(String text) {
            this.text = text;
        }
    }

    /** The state of the wire's input when the end comes. */
    enum Reading {
        NORMAL("reading"),
        /** Paused by a subscriber of {@code inbound()} without demand, which requests everything after the end. */
        PAUSED("paused"),
        /** Paused likewise by a subscriber that cancels after the end. */
        PAUSED_CANCELLED("paused and cancelled"),
        /** Paused because the peer has asked for more answers than it reads. */
        CROWDED("crowded");

        final String text;

        Reading(String text) {
            this.text = text;
        }

        boolean isPaused() {
            return this == PAUSED || this == PAUSED_CANCELLED;
        }
    }
}
