/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.peerwire.examples.end.Dimensions.Ending;
import org.peerwire.examples.end.Dimensions.Reading;
import org.peerwire.message.MessageType;

/** The peer's part of a conversation as bytes, and what a subscriber of {@code inbound()} must have seen of it. */
final class Spoken {
    /** More than fit into the queue of a subscriber that takes nothing. */
    private static final int FILLERS = 2 * Reader.QUEUE;

    /** Requests of a peer that does not read: more answers than the wire and the two sockets hold. */
    private static final int FLOOD = 9_000;

    private Spoken() {}

    /** Returns the messages before the cut, and half of the message that the cut is in. */
    static byte[] bytes(Cell cell) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Words words : whole(cell)) {
            all.writeBytes(words.bytes(cell.side()));
        }
        if (cell.reading() == Reading.CROWDED) {
            all.writeBytes(Words.flood(FLOOD));
        }
        if (cell.cut().inside()) {
            byte[] next = Words.values()[cell.cut().messages()].bytes(cell.side());
            all.write(next, 0, next.length / 2);
        }
        return all.toByteArray();
    }

    private static List<Words> whole(Cell cell) {
        List<Words> whole = new ArrayList<>(cell.cut().words());
        for (int i = 0; cell.reading().isPaused() && i < FILLERS; i++) {
            whole.add(Words.FILLER);
        }
        return whole;
    }

    /** Lets a paused subscriber request everything, or cancel. */
    static void resume(Cell cell, HandedOut taken) {
        if (cell.reading() == Reading.PAUSED) {
            taken.countReader();
            taken.reader().takeEverything();
        } else if (cell.reading() == Reading.PAUSED_CANCELLED) {
            taken.reader().cancel();
        }
    }

    /**
     * Returns the differences from the messages that a subscriber must have seen. A completion means that no message is
     * missing; for a paused subscriber, that none is missing of those that waited for it. A half-close is an end in
     * order unless it cuts a message or answers wait to be written. The other endings may reset the connection before
     * everything is read.
     */
    static List<String> wrongs(Cell cell, Reader reader) {
        List<String> wrongs = new ArrayList<>();
        List<MessageType> sent = new ArrayList<>();
        whole(cell).forEach(words -> sent.add(words.message(cell.side()).type()));
        if (cell.reading() == Reading.CROWDED) {
            sent.addAll(Collections.nCopies(FLOOD, MessageType.REQUEST));
        }
        List<MessageType> taken = reader.taken();
        if (taken.size() > sent.size() || !sent.subList(0, taken.size()).equals(taken)) {
            wrongs.add("inbound() has other messages than were sent");
        }
        if (reader.hasCompleted()) {
            int least = cell.reading().isPaused() ? Math.min(Reader.QUEUE, sent.size()) : sent.size();
            if (taken.size() < least) {
                wrongs.add("inbound() completed without all messages");
            }
            if (cell.cut().inside() && !cell.reading().isPaused()) {
                wrongs.add("inbound() completed inside a message");
            }
        } else if (reader.hasEnded()
                && cell.ending() == Ending.HALF_CLOSE
                && cell.reading() == Reading.NORMAL
                && !cell.cut().inside()) {
            wrongs.add("inbound() failed after an end in order: " + reader.error());
        }
        return wrongs;
    }
}
