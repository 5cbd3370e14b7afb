/* SPDX-License-Identifier: MIT */
package org.peerwire.test.contract;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.peerwire.LocalPeer;
import org.peerwire.Wire;
import org.peerwire.WireOptions;
import org.peerwire.test.WirePair;

class MemoryWireContractTest implements WireContract {

    private record Pair(WirePair pair) implements Ends {
        @Override
        public Wire dialler() {
            return pair.initiator();
        }

        @Override
        public Wire listener() {
            return pair.responder();
        }

        @Override
        public void close() {
            pair.dispose();
        }
    }

    @Override
    public Ends open(
            LocalPeer dialler,
            LocalPeer listener,
            UnaryOperator<WireOptions.Builder> options,
            Consumer<Wire> onDialler,
            Consumer<Wire> onListener) {
        return new Pair(WirePair.builder(dialler, listener)
                .options(options)
                .onInitiator(onDialler)
                .onResponder(onListener)
                .open());
    }

    @Override
    public void advance(Ends ends, Duration time) {
        ((Pair) ends).pair().advance(time);
    }

    @Override
    public boolean runsOnTheCallingThread() {
        return true;
    }
}
