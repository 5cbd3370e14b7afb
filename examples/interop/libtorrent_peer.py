#!/usr/bin/python3
"""One libtorrent peer on loopback, for run.sh.  It seeds or downloads one torrent and prints a line for what happens:

    listening IP:PORT
    peer IP:PORT (outgoing|incoming) from SOURCE, CLIENT       a connection that got through its handshakes
    ... ==> PEX ... or ... <== PEX ...                         a peer exchange message that it sent or got
    complete                                                   everything is there and verified
    ERROR ...

It goes on until it gets SIGTERM.  /usr/bin/python3 is named above because Debian builds libtorrent for that one only.
"""
import argparse
import signal

import libtorrent as lt

SOURCES = ('tracker', 'dht', 'pex', 'lsd', 'resume_data', 'incoming')


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument('torrent', help='a torrent file or a magnet link')
    parser.add_argument('folder', help='where the data is, or goes to')
    parser.add_argument('listen', help='IP:PORT; connections are also made from this IP')
    parser.add_argument('--peer', help='IP:PORT of a peer to dial')
    parser.add_argument('--seed', action='store_true', help='the data is there')
    parser.add_argument('--no-pex', action='store_true', help='neither send nor accept peer exchange')
    parser.add_argument('--limit', type=int, default=0, help='download at most this many bytes a second')
    return parser.parse_args()


def start_session(listen):
    categories = lt.alert.category_t
    return lt.session({
        'listen_interfaces': listen,
        'outgoing_interfaces': listen.split(':')[0],
        # nothing but plain TCP to the peers that it is told about
        'enable_dht': False, 'enable_lsd': False, 'enable_upnp': False, 'enable_natpmp': False,
        'enable_incoming_utp': False, 'enable_outgoing_utp': False,
        'in_enc_policy': int(lt.enc_policy.disabled), 'out_enc_policy': int(lt.enc_policy.disabled),
        # several peers here have the address 127.0.0.1
        'allow_multiple_connections_per_ip': True,
        'alert_mask': categories.error_notification | categories.status_notification
                      | categories.peer_log_notification,
    })


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
    params.download_limit = args.limit
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
        print('peer %s:%d %s from %s, %s' % (*peer.ip, 'outgoing' if outgoing else 'incoming',
              '+'.join(sources) or 'us', peer.client.decode(errors='replace')), flush=True)


def main():
    args = arguments()
    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
    session = start_session(args.listen)
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
