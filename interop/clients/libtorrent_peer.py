#!/usr/bin/python3
"""One libtorrent peer.  It seeds or downloads one torrent and prints a line for what happens:

    libtorrent VERSION
    listening IP:PORT
    peer IP:PORT (outgoing|incoming) from SOURCE, CLIENT       a connection that got through its handshakes
    ... ==> PEX ... or ... <== PEX ...                         a peer exchange message that it sent or got
    metadata NAME, N pieces                                    that of a magnet link has come
    complete                                                   everything is there and verified
    ERROR ...

It goes on until it gets SIGTERM.  /usr/bin/python3 is named above because Debian builds libtorrent for that one only.
"""
import argparse
import signal

import libtorrent as lt

SOURCES = ('tracker', 'dht', 'pex', 'lsd', 'resume_data', 'incoming')
POLICIES = {'plaintext': lt.enc_policy.disabled, 'require': lt.enc_policy.forced}
LEVELS = {'plaintext': lt.enc_level.both, 'require': lt.enc_level.rc4}


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument('torrent', help='a torrent file or a magnet link')
    parser.add_argument('folder', help='where the data is, or goes to')
    parser.add_argument('listen', help='IP:PORT; connections are also made from this IP')
    parser.add_argument('--peer', help='IP:PORT of a peer to dial')
    parser.add_argument('--seed', action='store_true', help='the data is there')
    parser.add_argument('--no-pex', action='store_true', help='neither send nor accept peer exchange')
    parser.add_argument('--down', type=int, default=0, help='download at most this many bytes a second')
    parser.add_argument('--up', type=int, default=0, help='upload at most this many bytes a second')
    parser.add_argument('--dht', help='IP:PORT of a DHT node; this peer becomes one too')
    parser.add_argument('--lsd', action='store_true', help='announce in the local network, and listen there')
    parser.add_argument('--choke', action='store_true', help='unchoke nobody')
    parser.add_argument('--encryption', choices=POLICIES, default='plaintext')
    return parser.parse_args()


def start_session(args):
    categories = lt.alert.category_t
    policy = int(POLICIES[args.encryption])
    session = lt.session({
        'listen_interfaces': args.listen,
        'outgoing_interfaces': args.listen.split(':')[0],
        # nothing but TCP to the peers that it is told about, unless it is asked for more
        'enable_dht': bool(args.dht), 'dht_bootstrap_nodes': args.dht or '', 'enable_lsd': args.lsd,
        'dht_restrict_routing_ips': False, 'dht_restrict_search_ips': False,
        'dht_prefer_verified_node_ids': False, 'dht_enforce_node_id': False, 'dht_ignore_dark_internet': False,
        'announce_to_all_trackers': True, 'announce_to_all_tiers': True,
        'enable_upnp': False, 'enable_natpmp': False,
        'enable_incoming_utp': False, 'enable_outgoing_utp': False,
        'in_enc_policy': policy, 'out_enc_policy': policy,
        'allowed_enc_level': int(LEVELS[args.encryption]), 'prefer_rc4': args.encryption == 'require',
        'unchoke_slots_limit': 0 if args.choke else 8,
        # several peers here have the address 127.0.0.1
        'allow_multiple_connections_per_ip': True,
        'alert_mask': categories.error_notification | categories.status_notification
                      | categories.peer_log_notification | categories.dht_notification,
    })
    session.set_peer_class_filter(lt.ip_filter())  # loopback is no local network, whose peers are never choked
    return session


def add_torrent(session, args):
    if args.torrent.startswith('magnet:'):
        params = lt.parse_magnet_uri(args.torrent)
    else:
        params = lt.add_torrent_params()
        params.ti = lt.torrent_info(args.torrent)
    flags = lt.torrent_flags
    params.save_path = args.folder
    params.flags &= ~(flags.auto_managed | flags.paused)
    if args.seed:
        params.flags |= flags.seed_mode
    if args.no_pex:
        params.flags |= flags.disable_pex
    params.download_limit = args.down
    params.upload_limit = args.up
    return session.add_torrent(params)


def print_new_peers(torrent, seen):
    for peer in torrent.get_peer_info():
        if peer.flags & (lt.peer_info.connecting | lt.peer_info.handshake):
            continue
        outgoing = bool(peer.flags & lt.peer_info.local_connection)
        if (peer.ip, outgoing) in seen:
            continue
        seen.add((peer.ip, outgoing))
        sources = [name for bit, name in enumerate(SOURCES) if peer.source & (1 << bit)]
        encryption = ', RC4' if peer.flags & lt.peer_info.rc4_encrypted else ''
        print('peer %s:%d %s from %s, %s%s' % (*peer.ip, 'outgoing' if outgoing else 'incoming',
              '+'.join(sources) or 'us', peer.client.decode(errors='replace'), encryption), flush=True)


def main():
    args = arguments()
    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
    session = start_session(args)
    print('libtorrent', lt.__version__, flush=True)
    torrent = add_torrent(session, args)
    if args.peer:
        ip, port = args.peer.rsplit(':', 1)
        torrent.connect_peer((ip, int(port)))
    seen, listening, complete = set(), False, False
    while not stop:
        session.wait_for_alert(100)
        for alert in session.pop_alerts():
            if isinstance(alert, lt.listen_succeeded_alert) and not listening:
                listening = True
                print('listening', args.listen, flush=True)
            elif isinstance(alert, lt.metadata_received_alert):
                info = torrent.torrent_file()
                print('metadata %s, %d pieces' % (info.name(), info.num_pieces()), flush=True)
            elif isinstance(alert, lt.dht_bootstrap_alert):
                torrent.force_dht_announce()  # without it, some magnet links were not looked up
            elif isinstance(alert, lt.peer_log_alert):  # libtorrent's own log, of which only this is wanted here
                if ' PEX' in alert.message():
                    print(alert.message(), flush=True)
            elif alert.category() & lt.alert.category_t.error_notification:
                print('ERROR', alert.message(), flush=True)
        print_new_peers(torrent, seen)
        if not complete and torrent.status().is_seeding:
            complete = True
            print('complete', flush=True)


if __name__ == '__main__':
    main()
