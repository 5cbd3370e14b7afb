#!/usr/bin/env bash
# Installs the real clients that are missing, and says which are there and which are not. install.sh FOLDER
# FOLDER gets webtorrent and clients.txt, the list of what is there; everything else comes from Debian. Exit code 0 also
# when clients are missing: then a line says SKIPPED, and so are their tests.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
webtorrent=$1/webtorrent
python=/usr/bin/python3 # Debian's own: python3-libtorrent is built for it

has() { command -v "$1" >/dev/null; }

missing_packages() {
  has transmission-daemon || echo transmission-daemon
  has transmission-create || echo transmission-cli # and transmission-remote
  "$python" -c 'import libtorrent' 2>/dev/null || echo python3-libtorrent
  has opentracker || echo opentracker
  has lighttpd || echo lighttpd
  has node || echo nodejs
  has npm || echo npm
  has ip || echo iproute2
}

install_packages() {
  local missing package
  missing=$(missing_packages)
  [ -n "$missing" ] || return 0
  missing=${missing//$'\n'/ }
  if ! has apt-get || [ "$(id -u)" != 0 ]; then
    echo "cannot install $missing: that takes apt-get and root"
    return 0
  fi
  echo "installing $missing"
  timeout 300 apt-get update >"$log" 2>&1 || tail -5 "$log"
  for package in $missing; do # one by one: a client may be had when another cannot
    DEBIAN_FRONTEND=noninteractive timeout 300 apt-get install -y --no-install-recommends "$package" >"$log" 2>&1 ||
      tail -5 "$log"
  done
}

install_webtorrent() {
  mkdir -p "$webtorrent"
  cp -r "$here/webtorrent/." "$webtorrent"
  has npm && has node && ! webtorrent_version >/dev/null || return 0
  echo "installing webtorrent with npm $(npm --version 2>/dev/null)"
  # no scripts: nothing here needs native code
  (cd "$webtorrent" && timeout 300 npm install --ignore-scripts --omit=optional --no-package-lock --no-audit --no-fund) \
    >"$log" 2>&1 || tail -5 "$log"
}

transmission_version() {
  has transmission-create && has transmission-remote && transmission-daemon --version 2>&1 | sed 's/-daemon//'
}

libtorrent_version() { "$python" -c 'import libtorrent; print("libtorrent", libtorrent.__version__)' 2>/dev/null; }

opentracker_version() {
  has opentracker && dpkg-query --show --showformat 'opentracker ${Version}' opentracker 2>/dev/null
}

lighttpd_version() { has lighttpd && dpkg-query --show --showformat 'lighttpd ${Version}' lighttpd 2>/dev/null; }

webtorrent_version() (
  [ -d "$webtorrent/node_modules/webtorrent" ] && cd "$webtorrent" &&
    node -e 'import("webtorrent").then(it => console.log("webtorrent", it.default.VERSION, "on node", process.version))' \
      2>/dev/null
)

say() { # NAME COMMAND
  local version
  version=$("$2" | head -n 1) && [ -n "$version" ] && echo "$version" || echo "SKIPPED: no $1, so nothing is tested with it"
}

say_namespaces() {
  if unshare --map-root-user --net true 2>/dev/null && has ip && has nsenter; then
    echo "namespaces"
  else
    echo "SKIPPED: no network namespace can be made here, so nothing is tested in which transmission has to dial"
  fi
}

mkdir -p "$1"
log=$1/install.log
install_packages
install_webtorrent
{
  say transmission transmission_version
  say libtorrent libtorrent_version
  say webtorrent webtorrent_version
  say opentracker opentracker_version
  say lighttpd lighttpd_version
  say_namespaces
} | tee "$1/clients.txt"
