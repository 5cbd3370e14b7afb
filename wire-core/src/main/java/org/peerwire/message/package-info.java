/* SPDX-License-Identifier: MIT */
/** The vocabulary of the wire: every message of BEP 3, 5, 6, 10 and 52 as a value. */
@NullMarked
package org.peerwire.message;

import org.jspecify.annotations.NullMarked;
