/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.peerwire.examples.end.Dimensions.Answer;
import org.peerwire.examples.end.Dimensions.Ending;
import org.peerwire.examples.end.Dimensions.Pace;
import org.peerwire.examples.end.Dimensions.Reading;
import org.peerwire.examples.end.Dimensions.Secrecy;
import org.peerwire.examples.end.Dimensions.Side;
import org.peerwire.examples.end.Dimensions.Transport;

/** The cells of the matrix: the product of all dimensions without the combinations that are not meaningful. */
final class Cells {
    /**
     * With {@code -Dpeerwire.matrix=full} an encrypted opening is cut after every byte, otherwise after every fourth.
     */
    private static final boolean FULL = "full".equals(System.getProperty("peerwire.matrix"));

    private static final int SAMPLE = 4;

    private Cells() {}

    static List<Cell> of(Transport transport) {
        List<Cell> cells = new ArrayList<>();
        for (Side side : Side.values()) {
            for (Secrecy secrecy : Secrecy.values()) {
                cuts(side, secrecy).forEach(cut -> add(transport, side, secrecy, cut, cells));
            }
        }
        return cells;
    }

    private static Stream<Cut> cuts(Side side, Secrecy secrecy) {
        int step = secrecy == Secrecy.RC4 && !FULL ? SAMPLE : 1;
        return Stream.of(Cut.inOpening(side, secrecy, step), Stream.of(Cut.afterOpening()), Cut.inConversation())
                .flatMap(cuts -> cuts);
    }

    private static void add(Transport transport, Side side, Secrecy secrecy, Cut cut, List<Cell> cells) {
        for (Answer answer : Answer.values()) {
            for (Reading reading : Reading.values()) {
                for (Pace pace : Pace.values()) {
                    for (Ending ending : Ending.values()) {
                        Cell cell = new Cell(transport, side, secrecy, answer, reading, pace, ending, cut);
                        if (cell.isMeaningful()) {
                            cells.add(cell);
                        }
                    }
                }
            }
        }
    }
}
