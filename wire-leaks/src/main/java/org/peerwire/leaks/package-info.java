/* SPDX-License-Identifier: MIT */
/**
 * A leak detector for tests. {@link org.peerwire.leaks.LeakDetector} counts the Netty buffers that are not released,
 * {@link org.peerwire.leaks.LeakExtension} fails the test class that leaves one.
 */
@NullMarked
package org.peerwire.leaks;

import org.jspecify.annotations.NullMarked;
