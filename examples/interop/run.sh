#!/usr/bin/env bash
# Runs the peerwire command line against two real BitTorrent clients, transmission and libtorrent, over TCP on loopback.
# README.md beside this file says what is shown.  Exit code 0: all passed, or skipped (then a line says SKIPPED).
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
jar=${PEERWIRE_JAR:-$here/../target/peerwire.jar}
python=/usr/bin/python3 # Debian's own: python3-libtorrent is built for it
piece_length=65536      # 64 MiB in 64 KiB pieces: a metadata of two pieces

# The addresses of the PEX check.  Clients take one IP address for one peer, so each peer has its own.
wire_ip=127.0.0.11   # peerwire seed
far_ip=127.0.0.12    # the libtorrent that only `peerwire seed` knows
client_ip=127.0.0.13 # the libtorrent between our two wires

# ---- what is needed -------------------------------------------------------------------------------------------------

skip() {
  echo "SKIPPED: $1"
  echo "Nothing was tested against real clients."
  exit 0
}

missing_packages() {
  command -v transmission-daemon >/dev/null || echo transmission-daemon
  command -v transmission-create >/dev/null || echo transmission-cli
  "$python" -c 'import libtorrent' 2>/dev/null || echo python3-libtorrent
}

install_clients() {
  local missing
  missing=$(missing_packages)
  [ -n "$missing" ] || return 0
  missing=${missing//$'\n'/ }
  command -v apt-get >/dev/null || skip "no $missing on this machine, and no apt-get to install it with"
  [ "$(id -u)" = 0 ] || skip "no $missing on this machine, and only root can install it (apt-get install $missing)"
  echo "installing $missing"
  # shellcheck disable=SC2086 # several words
  { timeout 300 apt-get update && DEBIAN_FRONTEND=noninteractive timeout 300 \
    apt-get install -y --no-install-recommends $missing; } >"$work/apt.log" 2>&1 ||
    { tail -5 "$work/apt.log"; skip "$missing could not be installed"; }
  [ -z "$(missing_packages)" ] || skip "installed $missing, but it does not run"
}

# ---- processes and waiting ------------------------------------------------------------------------------------------

running=() # process ids of the check that runs now
logs=()    # its log files
last=      # process id of the process started last

# start LOG COMMAND...
start() {
  local log=$work/$1
  shift
  "$@" >>"$log" 2>&1 </dev/null &
  last=$!
  running+=("$last")
  logs+=("$log")
}

stop_all() {
  local pid deadline=$((SECONDS + 5))
  for pid in "${running[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${running[@]}"; do
    while kill -0 "$pid" 2>/dev/null; do
      if [ $SECONDS -ge $deadline ]; then kill -KILL "$pid" 2>/dev/null || true; fi
      sleep 0.1
    done
    wait "$pid" 2>/dev/null || true
  done
  running=()
}

# wait_until SECONDS COMMAND...: tries the command until it succeeds
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.2
  done
}

# wait_for_exit SECONDS: the exit code of the process started last
wait_for_exit() {
  wait_until "$1" process_ended || { echo "still running after $1 s" >>"${logs[-1]}"; return 1; }
  wait "$last"
}

process_ended() { ! kill -0 "$last" 2>/dev/null; }

# a free TCP port, the same on all loopback addresses, and none that the system hands out by itself
free_port() {
  "$python" - <<'PYTHON'
import random, socket
while True:
    port = random.randrange(20000, 32000)
    try:
        with socket.socket() as s:
            s.bind(('0.0.0.0', port))
            break
    except OSError:
        pass
print(port)
PYTHON
}

# ---- the checks -----------------------------------------------------------------------------------------------------

passed=0
failed=0
figures= # what a check has measured
reason=  # why it failed

# check NAME FUNCTION
check() {
  local began=${EPOCHREALTIME/./} seconds log
  figures='' reason='' logs=()
  if "$2"; then
    seconds=$(seconds_since "$began")
    echo "PASS $1, $seconds s, $figures"
    passed=$((passed + 1))
  else
    seconds=$(seconds_since "$began")
    echo "FAIL $1, $seconds s: $reason"
    failed=$((failed + 1))
    for log in "${logs[@]}"; do
      echo "  -- the end of $log"
      tail -n 15 "$log" | cut -c 1-300 | sed 's/^/  /'
    done
  fi
  stop_all
}

fails() {
  reason=$1
  return 1
}

seconds_since() { awk -v from="$1" -v to="${EPOCHREALTIME/./}" 'BEGIN { printf "%.1f", (to - from) / 1e6 }'; }

peerwire() { exec java -jar "$jar" "$@"; } # always in the background: exec makes its process id the JVM's

libtorrent_peer() { exec "$python" -u "$here/libtorrent_peer.py" "$@"; }

# start_transmission NAME FOLDER: sets $transmission_port and $rpc
start_transmission() {
  local rpc_port state=$work/$1-state
  transmission_port=$(free_port)
  rpc_port=$(free_port)
  rpc=127.0.0.1:$rpc_port
  mkdir -p "$state"
  cat >"$state/settings.json" <<JSON
{
  "peer-port": $transmission_port, "bind-address-ipv4": "127.0.0.1", "bind-address-ipv6": "::1",
  "rpc-port": $rpc_port, "rpc-bind-address": "127.0.0.1", "rpc-authentication-required": false,
  "dht-enabled": false, "lpd-enabled": false, "utp-enabled": false, "port-forwarding-enabled": false,
  "download-dir": "$2", "rename-partial-files": false, "message-level": 3
}
JSON
  start "$1.log" transmission-daemon --foreground --config-dir "$state"
  wait_until 20 transmission-remote "$rpc" --list || fails "transmission did not start"
}

transmission_has_it_all() { transmission-remote "$rpc" --torrent 1 --info | grep -q 'Percent Done: 100%'; }

# start_seed LOG TORRENT HOST [OPTION...]: `peerwire seed`; sets $seed
start_seed() {
  local log=$1 torrent=$2 host=$3 port
  shift 3
  port=$(free_port)
  seed=$host:$port
  start "$log" peerwire seed "$torrent" --data "$data" --host "$host" --port "$port" "$@"
  wait_until 30 grep -q "$port" "$work/$log" || fails "peerwire seed did not say that it listens"
}

# same_file FILE BEGAN: compares it with the data and sets the figures
same_file() {
  [ -f "$1" ] || fails "$1 is not there" || return 1
  [ "$(sha256sum <"$1")" = "$data_sha256" ] || fails "$1 has another SHA-256 than the data" || return 1
  figures="$((data_size / 1048576)) MiB, SHA-256 identical"
}

download_from_transmission() {
  start_transmission seeding-transmission "$work/data" || return 1
  transmission-remote "$rpc" --add "$work/theirs.torrent" >/dev/null ||
    fails "transmission did not take the torrent" || return 1
  transmission-remote "$rpc" --torrent 1 --verify >/dev/null
  wait_until 60 transmission_has_it_all || fails "transmission did not verify its data" || return 1
  download_from "127.0.0.1:$transmission_port" "$work/from-transmission"
}

download_from_libtorrent() {
  local listen
  listen=127.0.0.1:$(free_port)
  start seeding-libtorrent.log libtorrent_peer "$work/theirs.torrent" "$work/data" "$listen" --seed
  wait_until 20 grep -q "^listening" "$work/seeding-libtorrent.log" || fails "libtorrent did not listen" || return 1
  download_from "$listen" "$work/from-libtorrent"
}

# download_from PEER FOLDER
download_from() {
  local began=${EPOCHREALTIME/./}
  mkdir -p "$2"
  start "download-${2##*/}.log" peerwire download "$theirs_magnet" -o "$2" --peer "$1"
  wait_for_exit 75 || fails "peerwire download did not end with exit code 0" || return 1
  same_file "$2/data.bin" || return 1
  figures+=", $(seconds_since "$began") s for the download"
}

transmission_downloads() {
  local folder=$work/by-transmission
  mkdir -p "$folder"
  start_transmission leeching-transmission "$folder" || return 1
  transmission-remote "$rpc" --add "$ours_magnet" >/dev/null || fails "transmission did not take the magnet" || return 1
  # transmission dials nobody on loopback: the seed has to
  start_seed seed-for-transmission.log "$work/ours.torrent" 127.0.0.1 --peer "127.0.0.1:$transmission_port" || return 1
  wait_until 75 transmission_has_it_all || fails "transmission did not get it all" || return 1
  same_file "$folder/data.bin"
}

libtorrent_downloads() {
  local folder=$work/by-libtorrent
  mkdir -p "$folder"
  start_seed seed-for-libtorrent.log "$work/ours.torrent" 127.0.0.1 || return 1
  start leeching-libtorrent.log libtorrent_peer "$ours_magnet" "$folder" "127.0.0.1:$(free_port)" --peer "$seed"
  wait_until 75 grep -q "^complete" "$work/leeching-libtorrent.log" || fails "libtorrent did not get it all" || return 1
  same_file "$folder/data.bin"
}

# The PEX checks.  The libtorrent between our wires downloads slowly, so that it is still at it when the others come.
slowly=(--limit 100000)

#   peerwire seed <--dials-- libtorrent <--dials-- peerwire peers
# `peerwire peers` knows libtorrent only: it can have the seed's address from libtorrent's PEX alone.
we_learn_from_libtorrent() {
  local client told
  client=$client_ip:$(free_port)
  mkdir -p "$work/pex-1"
  start_seed pex-1-seed.log "$work/ours.torrent" "$wire_ip" || return 1
  start pex-1-libtorrent.log libtorrent_peer "$work/ours.torrent" "$work/pex-1" "$client" --peer "$seed" "${slowly[@]}"
  wait_until 20 grep -q "^peer $seed outgoing" "$work/pex-1-libtorrent.log" ||
    fails "libtorrent did not connect to our seed" || return 1
  start pex-1-peers.log peerwire peers "$ours_magnet&x.pe=$client" --for 60s --json
  told='"peerAdded","peer":"'$seed'","teller":"'$client'"'
  wait_until 60 grep -q "$told" "$work/pex-1-peers.log" || fails "no PeerEvent.Added from $client about $seed" || return 1
  figures=$(grep -m 1 "$told" "$work/pex-1-peers.log")
}

#   libtorrent "far" --dials--> peerwire seed <--dials-- libtorrent "near"
# far has PEX off and knows the seed only, near knows the seed only: near can have far's address from our PEX alone.
libtorrent_learns_from_us() {
  local far near
  far=$far_ip:$(free_port)
  near=$client_ip:$(free_port)
  mkdir -p "$work/pex-2-far" "$work/pex-2-near"
  start_seed pex-2-seed.log "$work/ours.torrent" "$wire_ip" || return 1
  start pex-2-far.log libtorrent_peer "$work/ours.torrent" "$work/pex-2-far" "$far" \
    --peer "$seed" --no-pex "${slowly[@]}"
  wait_until 20 grep -q "^peer $seed outgoing" "$work/pex-2-far.log" ||
    fails "the far libtorrent did not connect to our seed" || return 1
  start pex-2-near.log libtorrent_peer "$work/ours.torrent" "$work/pex-2-near" "$near" --peer "$seed" "${slowly[@]}"
  wait_until 75 grep -q "^peer $far outgoing from pex" "$work/pex-2-near.log" ||
    fails "libtorrent did not dial $far, which only our PEX could have named" || return 1
  figures="libtorrent dialled $far, known to it from PEX only"
}

# ---- the run --------------------------------------------------------------------------------------------------------

clean_up() {
  local code=$?
  stop_all
  if [ "$code" = 0 ]; then
    rm -rf "$work"
  else
    echo "logs and files: $work"
  fi
}

command -v java >/dev/null || { echo "no java on the path" >&2; exit 1; }
[ -f "$jar" ] || { echo "$jar is not there: build it with 'mvn -q package -DskipTests' in the project's folder" >&2; exit 1; }
work=$(mktemp -d "${TMPDIR:-/tmp}/peerwire-interop.XXXXXX")
trap clean_up EXIT
trap 'exit 130' INT TERM
install_clients

transmission-daemon --version 2>&1
"$python" -c 'import libtorrent; print("libtorrent", libtorrent.__version__)'
java -version 2>&1 | head -n 1

# the data: 64 MiB of the modules file of the Java in use
java_home=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
mkdir "$work/data"
data=$work/data/data.bin
head -c 64M "$java_home/lib/modules" >"$data"
data_size=$(stat -c %s "$data")
data_sha256=$(sha256sum <"$data")

# one torrent made by transmission, one by us
transmission-create -s $((piece_length / 1024)) -o "$work/theirs.torrent" "$data" >"$work/theirs.log"
theirs_magnet=$(transmission-show --magnet "$work/theirs.torrent")
timeout 60 java -jar "$jar" create "$data" -o "$work/ours.torrent" --piece-length "$piece_length" >"$work/ours.log"
ours_magnet=$(grep -m 1 -o 'magnet:[^ ]*' "$work/ours.log")
echo "data: $data_size bytes of $java_home/lib/modules"

check "1a peerwire downloads a magnet from transmission" download_from_transmission
check "1b peerwire downloads a magnet from libtorrent" download_from_libtorrent
check "2a transmission downloads a magnet from peerwire seed" transmission_downloads
check "2b libtorrent downloads a magnet from peerwire seed" libtorrent_downloads
check "3a peerwire learns a peer from libtorrent's PEX" we_learn_from_libtorrent
check "3b libtorrent learns a peer from peerwire's PEX" libtorrent_learns_from_us

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
