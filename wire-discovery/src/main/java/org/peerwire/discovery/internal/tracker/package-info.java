/* SPDX-License-Identifier: MIT */
/**
 * Trackers: what is sent to them and read from them ({@code HttpQuery}, {@code HttpReply}, {@code UdpPackets}), one
 * request ({@code HttpTracker}, {@code UdpTracker}), and the life of an announcement ({@code Announcer}). Read in this
 * order.
 */
@NullMarked
package org.peerwire.discovery.internal.tracker;

import org.jspecify.annotations.NullMarked;
