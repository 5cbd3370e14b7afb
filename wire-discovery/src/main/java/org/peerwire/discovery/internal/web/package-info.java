/* SPDX-License-Identifier: MIT */
/** Web seeds (BEP 19): ranges of files over HTTP. Knows the addresses of {@code net}, and no other discovery. */
@NullMarked
package org.peerwire.discovery.internal.web;

import org.jspecify.annotations.NullMarked;
