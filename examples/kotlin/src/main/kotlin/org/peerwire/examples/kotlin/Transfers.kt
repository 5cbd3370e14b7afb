/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.kotlin

import io.netty.buffer.Unpooled
import java.net.SocketAddress
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.reactive.asFlow
import kotlinx.coroutines.reactive.awaitFirstOrNull
import kotlinx.coroutines.reactive.awaitSingle
import kotlinx.coroutines.reactor.asFlux
import kotlinx.coroutines.reactor.mono
import kotlinx.coroutines.withContext
import org.peerwire.Block
import org.peerwire.BlockSource
import org.peerwire.LocalPeer
import org.peerwire.TorrentShape
import org.peerwire.Wire
import org.peerwire.WireClient
import org.peerwire.WireServer
import org.peerwire.message.BlockRequest
import org.peerwire.message.Message
import org.peerwire.message.PieceSet
import reactor.core.publisher.Mono
import reactor.netty.DisposableServer

// tag::download[]
/**
 * Downloads every block of a torrent from a seed. A slow [write] slows the seed.
 *
 * A wire tracks choke, interest and pieces by itself, so nothing is missed while the coroutine resumes.
 */
suspend fun download(seed: SocketAddress, self: LocalPeer, shape: TorrentShape, write: suspend (Block) -> Unit) {
    val wire = WireClient.create().connect(seed, self).awaitSingle()
    try {
        wire.announce(PieceSet.none(shape.pieceCount())).awaitFirstOrNull()
        wire.outbound().send(Message.Interested()).awaitFirstOrNull()
        wire.blocks()
            .download(blocks(shape).asFlux())
            .asFlow()
            .buffer(8) // the blocks that wait for write; the default is 64
            .collect { write(it) }
    } finally {
        withContext(NonCancellable) { wire.close().awaitFirstOrNull() }
    }
}
// end::download[]

// tag::seed[]
/** Seeds a torrent on a free port of the loopback interface. */
fun seed(self: LocalPeer, shape: TorrentShape, read: suspend (BlockRequest) -> ByteArray): DisposableServer =
    WireServer.create()
        .host("127.0.0.1")
        .port(0)
        .admit { theirs, _ -> if (theirs.infoHash() == self.infoHash()) Mono.just(self) else Mono.empty() }
        // Unconfined starts the handler on the event loop, before the wire has applied a message.
        .handle { wire ->
            mono<Void>(Dispatchers.Unconfined) {
                serve(wire, shape, read)
                null
            }
        }
        .bindNow()

private suspend fun serve(wire: Wire, shape: TorrentShape, read: suspend (BlockRequest) -> ByteArray) {
    wire.announce(PieceSet.all(shape.pieceCount())).awaitFirstOrNull()
    wire.outbound().send(Message.Unchoke()).awaitFirstOrNull()
    wire.blocks().serve(BlockSource { wanted -> mono { Unpooled.wrappedBuffer(read(wanted)) } }).awaitFirstOrNull()
}
// end::seed[]

private fun blocks(shape: TorrentShape): Flow<BlockRequest> = flow {
    for (piece in 0 until shape.pieceCount()) {
        val length = shape.pieceLength(piece)
        for (offset in 0 until length step BlockRequest.BLOCK_LENGTH) {
            emit(BlockRequest(piece, offset, minOf(BlockRequest.BLOCK_LENGTH, length - offset)))
        }
    }
}
