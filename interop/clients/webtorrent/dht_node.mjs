// One DHT node: node dht_node.mjs HOST PORT [--bootstrap HOST:PORT] [--announce INFO_HASH:PORT] [--lookup INFO_HASH]
// It serves any query, announces a peer at itself or looks for peers once it knows the others, and prints:
//
//     bittorrent-dht VERSION
//     listening HOST:PORT
//     ready, N nodes
//     announced INFO_HASH
//     peer IP:PORT of INFO_HASH                       found by a lookup, which is repeated every two seconds
//     announce IP:PORT of INFO_HASH                   somebody has announced a peer to this node
//     ERROR ...
//
// It goes on until it gets SIGTERM.
import fs from 'fs'
import { parseArgs } from 'util'
import { Client } from 'bittorrent-dht'

const { positionals: [host, port], values } = parseArgs({
  allowPositionals: true,
  options: { bootstrap: { type: 'string' }, announce: { type: 'string' }, lookup: { type: 'string' } }
})
const { version } = JSON.parse(fs.readFileSync('node_modules/bittorrent-dht/package.json'))
console.log('bittorrent-dht', version)

const dht = new Client({ bootstrap: values.bootstrap ? [values.bootstrap] : false, host })
const seen = new Set()
dht.on('error', error => console.log('ERROR', error.message))
dht.on('warning', warning => console.log('warning', warning.message))
dht.on('announce', (peer, infoHash) => console.log('announce %s:%d of %s', peer.host, peer.port, infoHash.toString('hex')))
dht.on('peer', (peer, infoHash) => {
  const line = `peer ${peer.host}:${peer.port} of ${infoHash.toString('hex')}`
  if (!seen.has(line)) {
    seen.add(line)
    console.log(line)
  }
})
dht.on('ready', () => {
  console.log('ready, %d nodes', dht.nodes.count())
  if (values.announce) {
    const [infoHash, peerPort] = values.announce.split(':')
    dht.announce(infoHash, Number(peerPort), error => console.log(error ? `ERROR ${error.message}` : `announced ${infoHash}`))
  }
  if (values.lookup) {
    dht.lookup(values.lookup)
    setInterval(() => dht.lookup(values.lookup), 2000)
  }
})
dht.listen(Number(port), host, () => console.log('listening %s:%s', host, port))
process.on('SIGTERM', () => dht.destroy(() => process.exit(0)))
