/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.loop;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks state that only the connection's event loop reads and writes: plain fields, no volatile, no locks. On a class
 * it applies to every member that does not say otherwise.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.FIELD})
public @interface EventLoopOnly {}
