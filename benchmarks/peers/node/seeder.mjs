// SPDX-License-Identifier: MIT
// node seeder.mjs PORT INFOHASH PIECE_LEN NUM_PIECES
// Serves the pattern of neutral.c from memory.
import net from 'node:net'
import Wire from 'bittorrent-protocol'
const [port, ih, pl, np] = process.argv.slice(2)
const PL = +pl, NP = +np, PERIOD = 1 << 21
const pattern = Buffer.allocUnsafeSlow(PERIOD + (1 << 18))
for (let o = 0; o < pattern.length; o++) pattern[o] = Number((BigInt(o) * 2654435761n >> 13n) & 0xffn)
const bitfield = new Uint8Array((NP + 7) >> 3).fill(0xff)
if (NP % 8) bitfield[bitfield.length - 1] = 0xff << (8 - NP % 8)
const server = net.createServer(socket => {
  socket.setNoDelay(true)
  const wire = new Wire('tcpIncoming')
  socket.pipe(wire).pipe(socket)
  socket.on('error', () => {})
  wire.on('error', () => {})
  socket.on('close', () => wire.destroy())
  wire.on('handshake', () => {
    wire.handshake(ih, '2d4e4f303030312d303030303030303030303030', { fast: false })
    wire.bitfield(bitfield)
  })
  wire.on('interested', () => wire.unchoke())
  wire.on('request', (i, off, len, respond) => {
    const o = (i * PL + off) % PERIOD
    respond(null, pattern.subarray(o, o + len))
  })
})
server.listen({ port: +port, host: '127.0.0.1', backlog: 4096 }, () => console.log('ready ' + ih))
process.stdin.on('end', () => process.exit(0)).resume()
