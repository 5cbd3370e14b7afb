/* SPDX-License-Identifier: MIT */
/** A seed as a Spring Boot application; the same source for Boot 3.5 and Boot 4. */
package org.peerwire.examples.boot;
