/* SPDX-License-Identifier: MIT */
package org.peerwire;

/**
 * The type of exceptions that a peer or its connection has caused, and no error of this program. A server logs them at
 * debug level, so that a stranger cannot fill the log. An extension implements it for its own exceptions.
 */
public interface PeerFault {}
