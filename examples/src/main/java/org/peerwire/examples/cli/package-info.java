/* SPDX-License-Identifier: MIT */
/** The {@code peerwire} command line. */
@NullMarked
package org.peerwire.examples.cli;

import org.jspecify.annotations.NullMarked;
