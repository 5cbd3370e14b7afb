/* SPDX-License-Identifier: MIT */
/** The {@code bench} command: starts peers, measures them and reports. See README.md of this module. */
@NullMarked
package org.peerwire.benchmarks;

import org.jspecify.annotations.NullMarked;
