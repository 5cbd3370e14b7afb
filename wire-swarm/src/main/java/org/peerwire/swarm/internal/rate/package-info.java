/* SPDX-License-Identifier: MIT */
/** The limits that apply to one wire together. Both directions use them. */
@NullMarked
package org.peerwire.swarm.internal.rate;

import org.jspecify.annotations.NullMarked;
