/* SPDX-License-Identifier: MIT */
/** The {@code peerwire} command line. Read {@code Main} first. */
@NullMarked
package org.peerwire.examples.cli;

import org.jspecify.annotations.NullMarked;
