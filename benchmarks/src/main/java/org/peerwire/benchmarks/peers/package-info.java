/* SPDX-License-Identifier: MIT */
/** The programs that are measured, each a process of its own: ours, and hand-written ones to compare with. */
@NullMarked
package org.peerwire.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
