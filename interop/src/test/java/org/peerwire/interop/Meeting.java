/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import java.util.Arrays;
import java.util.stream.Stream;
import org.peerwire.interop.RealClient.Kind;

/**
 * Our seed at the second address and a client at the first. One of them dials the other.
 *
 * @param seed the address of our seed
 * @param client the client
 */
record Meeting(String seed, RealClient client) {

    /** Starts both. The client dials if it accepts an address from its user, otherwise the seed dials. */
    static Meeting of(Scene scene, Kind kind, String name, Task task, Object... seedOptions) {
        if (kind.dialsWhomItIsTold()) {
            String seed = Peerwire.seed(scene, scene.ip(2), seedOptions);
            return new Meeting(seed, kind.start(scene, name, scene.ip(1), task.withPeer(seed)));
        }
        RealClient client = kind.start(scene, name, scene.ip(1), task);
        Stream<Object> options = Stream.concat(Arrays.stream(seedOptions), Stream.of("--peer", client.address()));
        return new Meeting(Peerwire.seed(scene, scene.ip(2), options.toArray()), client);
    }
}
