/* SPDX-License-Identifier: MIT */
/**
 * The BitTorrent peer wire protocol for Project Reactor: one connection to one peer.
 *
 * <p>This package has the types that a program uses to open a wire, to use it and to handle its failures. Messages are
 * in {@link org.peerwire.message}, the extension protocol in {@link org.peerwire.extension}, bencode in
 * {@link org.peerwire.bencode}. Swarms, files, trackers and single extensions do not belong here, and nothing of
 * {@code org.peerwire.internal} is part of the API.
 *
 * <p>Read in this order:
 *
 * <ol>
 * <li>{@link org.peerwire.WireClient} dials, {@link org.peerwire.WireServer} accepts with an
 *     {@link org.peerwire.Admission}; both present a {@link org.peerwire.LocalPeer}.
 * <li>{@link org.peerwire.Wire} receives messages, {@link org.peerwire.MessageSink} sends them.
 * <li>{@link org.peerwire.BlockExchange} requests and serves blocks, with {@link org.peerwire.RequestWindow} and
 *     {@link org.peerwire.BlockSource}.
 * <li>{@link org.peerwire.WireOptions} has the clocks, queues and buffers, {@link org.peerwire.WireLimits} the limits
 *     for the peer.
 * <li>{@link org.peerwire.WireException} has four subclasses, each with its reasons.
 * <li>{@link org.peerwire.EncryptionPolicy} and {@link org.peerwire.EncryptionKeys} configure encryption.
 * </ol>
 */
@NullMarked
package org.peerwire;

import org.jspecify.annotations.NullMarked;
