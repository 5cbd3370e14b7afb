/* SPDX-License-Identifier: MIT */
/** Short programs to copy, each with one idea. */
@NullMarked
package org.peerwire.examples;

import org.jspecify.annotations.NullMarked;
