/* SPDX-License-Identifier: MIT */
/**
 * A test kit for what is built on Peerwire: two wires in memory on the calling thread and a virtual clock
 * ({@link org.peerwire.test.WirePair}), a peer that says what a test tells it ({@link org.peerwire.test.ScriptedPeer}),
 * and assertions on messages ({@link org.peerwire.test.MessageAssert}).
 */
@NullMarked
package org.peerwire.test;

import org.jspecify.annotations.NullMarked;
