/* SPDX-License-Identifier: MIT */
/**
 * The pieces of a torrent as files on disk. Everything that blocks is a task of
 * {@link org.peerwire.swarm.internal.store.DiskTasks}, on the elastic scheduler. Nothing here knows wires or peers.
 *
 * <p>Read in this order: {@link org.peerwire.swarm.internal.store.DiskStore}, the life of a store;
 * {@link org.peerwire.swarm.internal.store.FileLayout} and {@link org.peerwire.swarm.internal.store.FileBytes}, the
 * files as one range of bytes; {@link org.peerwire.swarm.internal.store.DownloadFolder}, what is in the way;
 * {@link org.peerwire.swarm.internal.store.MappedFiles}, fast reads of complete data.
 */
@NullMarked
package org.peerwire.swarm.internal.store;

import org.jspecify.annotations.NullMarked;
