/* SPDX-License-Identifier: MIT */
/** Benchmarks of single messages and values with JMH. Run them with {@code bench jmh}. */
@NullMarked
package org.peerwire.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
