/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.kotlin

import java.util.concurrent.CopyOnWriteArrayList
import kotlin.random.Random
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.peerwire.Block
import org.peerwire.InfoHash
import org.peerwire.LocalPeer
import org.peerwire.PeerId
import org.peerwire.TorrentShape
import org.peerwire.message.BlockRequest

class TransfersTest {
    private val shape = TorrentShape.of(8_000_000, 64 * 1024)
    private val data = Random(1).nextBytes(8_000_000)
    private val torrent = InfoHash.parse("0123456789abcdef0123456789abcdef01234567")
    private val asked = CopyOnWriteArrayList<BlockRequest>()

    @Test
    fun aSuspendingSourceServesASuspendingDownload() {
        val downloaded = ByteArray(data.size)
        transfer { block ->
            yield()
            block.data().getBytes(0, downloaded, start(block.request()), block.length())
        }
        assertThat(downloaded).isEqualTo(data)
        assertThat(asked).hasSize(489).doesNotHaveDuplicates()
    }

    @Test
    fun aDownloadThatIsCancelledAsksForNoMore() {
        val written = mutableListOf<Block>()
        try {
            transfer { block ->
                written += block
                throw CancellationException("enough")
            }
        } catch (_: CancellationException) {
            // as thrown above
        }
        assertThat(written).hasSize(1)
        assertThat(asked).hasSizeLessThan(300) // the demand, and the buffer of the wire
    }

    private fun transfer(write: suspend (Block) -> Unit) = runBlocking(Dispatchers.Default) {
        val server = seed(peer(), shape) { wanted ->
            asked += wanted
            yield()
            data.copyOfRange(start(wanted), start(wanted) + wanted.length())
        }
        try {
            withTimeout(30.seconds) { download(server.address(), peer(), shape, write) }
        } finally {
            server.disposeNow()
        }
    }

    private fun peer() = LocalPeer.of(torrent, PeerId.random()).withShape(shape)

    private fun start(wanted: BlockRequest) = wanted.piece() * shape.pieceLength() + wanted.offset()
}
