/* SPDX-License-Identifier: MIT */
/** The measured programs, each in its own process: ours, and hand-written ones for comparison. */
@NullMarked
package org.peerwire.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
