/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Touched on the connection's event loop only: plain fields, no volatile, no locks. On a class it holds for every member
 * that does not say otherwise.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.FIELD})
@interface EventLoopOnly {}
