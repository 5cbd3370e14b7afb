/* SPDX-License-Identifier: MIT */
/** Rules about addresses, names and time, which all discoveries share. Knows none of them. */
@NullMarked
package org.peerwire.discovery.internal.net;

import org.jspecify.annotations.NullMarked;
