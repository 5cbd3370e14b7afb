/* SPDX-License-Identifier: MIT */
/** What single messages and values cost, measured with JMH; run with {@code bench jmh}. */
@NullMarked
package org.peerwire.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
