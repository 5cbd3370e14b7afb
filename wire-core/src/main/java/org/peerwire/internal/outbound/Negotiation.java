/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.outbound;

import org.peerwire.Features;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;

/**
 * The features that both peers have, as the condition for sending a message. Immutable.
 *
 * @param features the features of both
 */
public record Negotiation(Features features) {

    /**
     * Checks a message that is to be sent.
     *
     * @throws IllegalStateException if one of the peers lacks the feature that the message needs
     */
    void require(Message message) {
        Feature needed = message.type().feature();
        if (needed != null && !features.has(needed)) {
            throw new IllegalStateException(
                    message.type() + " needs " + needed + ", which the peer has not negotiated");
        }
    }
}
