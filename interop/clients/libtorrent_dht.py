#!/usr/bin/python3
"""A DHT of libtorrent nodes, on one port of IP addresses in a row.  It prints a line for what happens:

    libtorrent VERSION
    listening FIRST_IP:PORT
    ready, N nodes                                       each knows some of the others
    announced INFO_HASH                                  --announce has been sent to nodes
    peer IP:PORT of INFO_HASH                            found by --lookup, which is repeated every two seconds
    ERROR ...

It goes on until it gets SIGTERM.  /usr/bin/python3 is named above because Debian builds libtorrent for that one only.
"""
import argparse
import signal
import time

import libtorrent as lt


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument('prefix', help='the IP addresses without their last number, such as 127.0.0.')
    parser.add_argument('first', type=int, help='the last number of the first IP address')
    parser.add_argument('count', type=int, help='the number of nodes')
    parser.add_argument('port', type=int)
    parser.add_argument('--bootstrap', help='IP:PORT of a node that the first one knows')
    parser.add_argument('--announce', help='INFO_HASH, announced by the last node with its own port')
    parser.add_argument('--lookup', help='INFO_HASH, looked up by the last node')
    return parser.parse_args()


def start(ip, port, bootstrap):
    session = lt.session({
        'listen_interfaces': '%s:%d' % (ip, port),
        'outgoing_interfaces': ip,
        'enable_dht': True, 'enable_lsd': False, 'enable_upnp': False, 'enable_natpmp': False,
        'dht_bootstrap_nodes': bootstrap or '',
        # all nodes are in one network
        'dht_restrict_routing_ips': False, 'dht_restrict_search_ips': False,
        'dht_prefer_verified_node_ids': False, 'dht_enforce_node_id': False, 'dht_ignore_dark_internet': False,
        'alert_mask': lt.alert.category_t.dht_operation_notification | lt.alert.category_t.error_notification,
    })
    if bootstrap:
        host, bootstrap_port = bootstrap.rsplit(':', 1)
        session.add_dht_node((host, int(bootstrap_port)))
    return session


def main():
    args = arguments()
    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
    print('libtorrent', lt.__version__, flush=True)
    first = '%s%d:%d' % (args.prefix, args.first, args.port)
    sessions = [start('%s%d' % (args.prefix, args.first + i), args.port, first if i else args.bootstrap)
                for i in range(args.count)]
    print('listening', first, flush=True)
    last, ready, asked, nodes, seen = sessions[-1], False, 0, {}, set()
    while not stop:
        last.wait_for_alert(100)
        for session in sessions:
            session.post_session_stats()
            for alert in session.pop_alerts():
                if isinstance(alert, lt.session_stats_alert):
                    nodes[session] = alert.values['dht.dht_nodes']
                elif isinstance(alert, lt.dht_get_peers_reply_alert) and session is last:
                    for peer in set(alert.peers()) - seen:
                        seen.add(peer)
                        print('peer %s:%d of %s' % (*peer, alert.info_hash), flush=True)
                elif alert.category() & lt.alert.category_t.error_notification:
                    print('ERROR', alert.message(), flush=True)
        if not ready and len(nodes) == len(sessions) and min(nodes.values()) >= min(3, args.count - 1):
            ready = True
            print('ready, %d nodes' % len(sessions), flush=True)
            if args.announce:
                params = lt.parse_magnet_uri('magnet:?xt=urn:btih:' + args.announce)
                params.save_path = '/tmp'
                params.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
                last.add_torrent(params).force_dht_announce()  # the binding cannot call dht_announce
                print('announced', args.announce, flush=True)
        if ready and args.lookup and time.time() - asked > 2:
            asked = time.time()
            last.dht_get_peers(lt.sha1_hash(bytes.fromhex(args.lookup)))


if __name__ == '__main__':
    main()
