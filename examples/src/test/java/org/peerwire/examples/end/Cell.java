/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import org.peerwire.examples.end.Dimensions.Answer;
import org.peerwire.examples.end.Dimensions.Ending;
import org.peerwire.examples.end.Dimensions.Pace;
import org.peerwire.examples.end.Dimensions.Reading;
import org.peerwire.examples.end.Dimensions.Secrecy;
import org.peerwire.examples.end.Dimensions.Side;
import org.peerwire.examples.end.Dimensions.Transport;

/** One cell of the matrix. */
record Cell(
        Transport transport,
        Side side,
        Secrecy secrecy,
        Answer answer,
        Reading reading,
        Pace pace,
        Ending ending,
        Cut cut) {

    /** Returns the values of all dimensions but the cut, which a report names once for all cuts. */
    String group() {
        return String.join(
                ", ",
                side.text,
                secrecy.text,
                answer.text,
                reading.text,
                ending.text + " " + pace.text,
                transport.text);
    }

    /** Returns false for a combination that cannot be or is the same as another. */
    boolean isMeaningful() {
        return fitsTransport() && fitsAnswer() && fitsReading() && fitsEnding();
    }

    /**
     * The kit in memory admits at once, has no encryption, and does not reset a connection that has unread data. A
     * reset there loses what the wire has not read, so that one together with the last byte would cut at byte 0.
     */
    private boolean fitsTransport() {
        if (transport != Transport.MEMORY) {
            return pace != Pace.INSIDE_ANSWER;
        }
        return secrecy == Secrecy.PLAIN
                && (answer == Answer.AT_ONCE || answer == Answer.NONE)
                && ending != Ending.UNREAD
                && (ending != Ending.RST || pace != Pace.TOGETHER);
    }

    private boolean fitsAnswer() {
        return switch (answer) {
            case NONE -> side == Side.DIAL;
            case AT_ONCE -> side == Side.ACCEPT;
            // The admission is asked after the info hash. Afterwards there is no difference from AT_ONCE.
            case LATER -> side == Side.ACCEPT && cut.hasInfoHash(secrecy) && pace == Pace.TOGETHER;
            // No wire opens, so nothing is read after the handshake.
            case NEVER ->
                side == Side.ACCEPT && cut.hasInfoHash(secrecy) && pace == Pace.TOGETHER && reading == Reading.NORMAL;
        };
    }

    private boolean fitsReading() {
        return switch (reading) {
            // Before the handshake is whole there is only our answer to wait for; in memory a reset has no other pace.
            case NORMAL ->
                cut.isOpened()
                        || pace == Pace.TOGETHER
                        || (pace == Pace.INSIDE_ANSWER && side == Side.ACCEPT && cut.hasInfoHash(secrecy))
                        || (transport == Transport.MEMORY && ending == Ending.RST && pace == Pace.AFTERWARDS);
            case PAUSED, PAUSED_CANCELLED -> cut.isOpened();
            // A reset together with the flood would come before the wire has answered it.
            case CROWDED -> cut.isOpened() && (pace != Pace.TOGETHER || ending == Ending.HALF_CLOSE);
        };
    }

    private boolean fitsEnding() {
        return switch (ending) {
            case RST, HALF_CLOSE -> true;
            // A peer that has not read the answers and closes is the case UNREAD.
            case FIN -> reading != Reading.CROWDED;
            // The wire must have sent something, and an admission that comes later is over when it has.
            case UNREAD -> answer != Answer.LATER && (side == Side.DIAL || hasWireAnswered());
        };
    }

    private boolean hasWireAnswered() {
        return secrecy == Secrecy.RC4
                ? cut.opening() >= KeyExchange.KEY_LENGTH
                : cut.hasInfoHash(secrecy) && answer != Answer.NEVER;
    }
}
