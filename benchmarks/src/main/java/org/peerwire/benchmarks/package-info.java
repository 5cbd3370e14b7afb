/* SPDX-License-Identifier: MIT */
/** Programs that measure what the library costs; see the README of this module. */
@NullMarked
package org.peerwire.benchmarks;

import org.jspecify.annotations.NullMarked;
