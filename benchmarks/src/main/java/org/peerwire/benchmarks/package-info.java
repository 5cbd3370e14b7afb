/* SPDX-License-Identifier: MIT */
/** The {@code bench} command, which starts peers, measures them and reports. Read README.md of this module first. */
@NullMarked
package org.peerwire.benchmarks;

import org.jspecify.annotations.NullMarked;
