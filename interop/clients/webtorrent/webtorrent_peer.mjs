// One webtorrent peer: node webtorrent_peer.mjs TORRENT_OR_MAGNET FOLDER PORT [--peer IP:PORT] [--dht IP:PORT] [--down N]
//     [--up N]
// It downloads one torrent, or verifies and seeds what is there, and prints a line for what happens:
//
//     webtorrent VERSION
//     listening PORT
//     metadata NAME, N pieces
//     peer IP:PORT (outgoing|incoming) from SOURCE, PEER_ID
//     complete
//     ERROR ...
//
// It listens on every address: webtorrent cannot do otherwise. It goes on until it gets SIGTERM.
import fs from 'fs'
import { parseArgs } from 'util'
import WebTorrent from 'webtorrent'

const { positionals: [what, folder, port], values } = parseArgs({
  allowPositionals: true,
  options: { peer: { type: 'string' }, dht: { type: 'string' }, down: { type: 'string' }, up: { type: 'string' } }
})
const limit = bytes => bytes ? Number(bytes) : -1
const client = new WebTorrent({
  dht: values.dht ? { bootstrap: [values.dht] } : false, lsd: false, utp: false, natUpnp: false, natPmp: false, webSeeds: false,
  torrentPort: Number(port), downloadLimit: limit(values.down), uploadLimit: limit(values.up)
})
client.on('error', error => console.log('ERROR', error.message))
client.on('listening', () => console.log('listening', client.torrentPort))
console.log('webtorrent', WebTorrent.VERSION)

const torrent = client.add(what.startsWith('magnet:') ? what : fs.readFileSync(what), { path: folder })
torrent.on('warning', warning => console.log('warning', warning.message ?? warning))
torrent.on('metadata', () => console.log('metadata %s, %d pieces', torrent.name, torrent.pieces.length))
torrent.on('wire', (wire, address) => {
  const peer = [...torrent._peers.values()].find(candidate => candidate.wire === wire)
  const way = wire.type.endsWith('Incoming') ? 'incoming' : 'outgoing'
  console.log('peer', address, way, 'from', peer?.source ?? 'incoming,', Buffer.from(wire.peerId, 'hex').toString('latin1'))
})
torrent.on('done', () => console.log('complete'))
if (values.peer) {
  torrent.once('infoHash', () => setImmediate(() => torrent.addPeer(values.peer, 'manual')))
}
process.on('SIGTERM', () => client.destroy(() => process.exit(0)))
