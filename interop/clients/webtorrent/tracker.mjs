// One tracker: node tracker.mjs HOST PORT [--refuse TEXT]
// It serves any torrent over HTTP and UDP on one port, or refuses each with a text. HOST is an IPv4 or IPv6 address.
// It prints a line for what happens:
//
//     bittorrent-tracker VERSION
//     listening HOST:PORT
//     (start|update|complete|stop) INFO_HASH IP:PORT over (http|udp), left N
//     ERROR ...
//
// It goes on until it gets SIGTERM.
import fs from 'fs'
import { parseArgs } from 'util'
import { Server } from 'bittorrent-tracker'

const { positionals: [host, port], values } = parseArgs({
  allowPositionals: true,
  options: { refuse: { type: 'string' } }
})
const { version } = JSON.parse(fs.readFileSync('node_modules/bittorrent-tracker/package.json'))
console.log('bittorrent-tracker', version)

const server = new Server({
  http: true,
  udp: true,
  ws: false,
  stats: false,
  filter: (infoHash, params, allow) => allow(values.refuse ? new Error(values.refuse) : null)
})
server.on('error', error => console.log('ERROR', error.message))
server.on('warning', warning => console.log('warning', warning.message))
for (const event of ['start', 'update', 'complete', 'stop']) {
  server.on(event, (address, params) => console.log('%s %s %s over %s, left %s',
    event, params.info_hash, address, params.type, params.left))
}
const isIpv6 = host.includes(':')
server.listen(Number(port), { http: host, udp: isIpv6 ? '127.0.0.1' : host, udp6: isIpv6 ? host : '::1' }, () => console.log('listening %s:%s', host, port))
process.on('SIGTERM', () => server.close(() => process.exit(0)))
