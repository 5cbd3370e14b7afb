/* SPDX-License-Identifier: MIT */
/** Short programs to copy, one idea each. */
@NullMarked
package org.peerwire.examples;

import org.jspecify.annotations.NullMarked;
