/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.peerwire.Handshake;
import org.peerwire.HandshakeStart;
import org.peerwire.examples.end.Dimensions.Secrecy;
import org.peerwire.examples.end.Dimensions.Side;

/**
 * The last byte that the peer sends.
 *
 * @param opening bytes of its handshake, including the key exchange of an encrypted one; {@link #WHOLE} for all
 * @param messages whole messages of {@link Words} after that
 * @param inside true if half of the next message follows
 */
record Cut(int opening, int messages, boolean inside) {
    static final int WHOLE = Integer.MAX_VALUE;

    private static final List<Words> WORDS = List.of(Words.values());

    /** Returns one cut for every position in the opening but the last, at this distance. */
    static Stream<Cut> inOpening(Side side, Secrecy secrecy, int step) {
        return IntStream.iterate(0, at -> at < openingLength(side, secrecy), at -> at + step)
                .mapToObj(at -> new Cut(at, 0, false));
    }

    /** Returns the cut after the whole opening. */
    static Cut afterOpening() {
        return new Cut(WHOLE, 0, false);
    }

    /** Returns the cuts inside and after every message. */
    static Stream<Cut> inConversation() {
        return IntStream.range(0, WORDS.size())
                .boxed()
                .flatMap(at -> Stream.of(new Cut(WHOLE, at, true), new Cut(WHOLE, at + 1, false)));
    }

    /** Returns the bytes that a peer without pads sends before its first message. */
    static int openingLength(Side side, Secrecy secrecy) {
        if (secrecy == Secrecy.PLAIN) {
            return Handshake.LENGTH;
        }
        return side == Side.ACCEPT
                ? KeyExchange.INITIATOR_LENGTH + Handshake.LENGTH
                : KeyExchange.RESPONDER_LENGTH + Handshake.LENGTH;
    }

    /** Returns true if an accepting wire knows the torrent, so that it asks its admission and answers. */
    boolean hasInfoHash(Secrecy secrecy) {
        int before = secrecy == Secrecy.PLAIN ? 0 : KeyExchange.INITIATOR_LENGTH;
        return opening >= before + HandshakeStart.LENGTH;
    }

    boolean isOpened() {
        return opening == WHOLE;
    }

    /** Returns the whole messages before the cut. */
    List<Words> words() {
        return WORDS.subList(0, messages);
    }

    @Override
    public String toString() {
        if (inside) {
            return "inside " + WORDS.get(messages);
        }
        return messages > 0
                ? "after " + WORDS.get(messages - 1)
                : isOpened() ? "after the handshake" : "after byte " + opening;
    }
}
