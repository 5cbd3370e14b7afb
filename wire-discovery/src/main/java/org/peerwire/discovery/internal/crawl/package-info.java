/* SPDX-License-Identifier: MIT */
/** The metadata of many torrents at once. Knows the addresses of {@code net}, and no discovery. */
@NullMarked
package org.peerwire.discovery.internal.crawl;

import org.jspecify.annotations.NullMarked;
