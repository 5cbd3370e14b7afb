// SPDX-License-Identifier: MIT
// node leecher.mjs HOST PORT INFOHASH PIECE_LEN NUM_PIECES TOTAL DEPTH CONNS
// Downloads TOTAL bytes and drops them; who serves them measures.
import net from 'node:net'
import Wire from 'bittorrent-protocol'
const [host, port, ih, pl, np, total, depth, conns] = process.argv.slice(2)
const PL = +pl, NP = +np, TOTAL = +total, DEPTH = +depth, CONNS = +conns, B = 16384
let asked = 0, got = 0
for (let k = 0; k < CONNS; k++) {
  const socket = net.connect({ port: +port, host, noDelay: true })
  const wire = new Wire('tcpOutgoing')
  socket.pipe(wire).pipe(socket)
  let piece = Math.floor(k * NP / CONNS), begin = 0, out = 0
  const fill = () => {
    while (out < DEPTH && asked < TOTAL && !wire.peerChoking) {
      out++; asked += B
      wire.request(piece, begin, B, cb)
      if ((begin += B) === PL) { begin = 0; if (++piece === NP) piece = 0 }
    }
  }
  const cb = (err, buf) => {
    if (err) throw err
    out--; got += buf.length
    if (got >= TOTAL) process.exit(0)
    fill()
  }
  wire.handshake(ih, '2d4e4f303030312d303030303030303030303031', { fast: false })
  wire.on('handshake', () => wire.interested())
  wire.on('unchoke', fill)
}
