#!/bin/sh
# Sets up Parley @VERSION@ from this folder alone: no network, no compiler.
#   ./install.sh [--prefix DIR] [--data DIR] [--no-system]
# --prefix     where the program goes (default /opt/parley)
# --data       the node's data folder (default /var/lib/parley)
# --no-system  neither a user nor a systemd unit: for trying it out, or under another service manager
# Running it again with a newer bundle upgrades the program and touches no data; with the older one it rolls back.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
prefix=/opt/parley data=/var/lib/parley system=yes
while [ $# -gt 0 ]; do
    case "$1" in
    --prefix) prefix=$2; shift 2 ;;
    --data) data=$2; shift 2 ;;
    --no-system) system=no; shift ;;
    *) echo "install: unknown option $1" >&2; exit 2 ;;
    esac
done
die() { echo "install: $*" >&2; exit 3; }

cd "$here"
sha256sum --check --quiet --strict SHA256SUMS || die "the folder is not as it was made; nothing was installed."
command -v python3 >/dev/null 2>&1 || die "python3 is missing; Parley needs Python 3.11 or later."
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || die "Parley needs Python 3.11 or later."

fresh="$prefix/@VERSION@"
if [ ! -x "$fresh/bin/parley" ]; then
    mkdir -p "$prefix"
    python3 -m venv "$fresh" || die "python3 cannot make an environment; on Debian install python3-venv."
    "$fresh/bin/python" -m pip install --quiet --no-index --find-links "$here/wheels" --only-binary=:all: \
        --require-hashes -r "$here/requirements.txt" || { rm -rf "$fresh"; die "the wheels do not fit this machine."; }
fi
ln -sfn "$fresh" "$prefix/current"
"$prefix/current/bin/parley" --version

if [ "$system" = yes ]; then
    [ "$(id -u)" = 0 ] || die "a system-wide set-up needs root; or use --no-system."
    id parley >/dev/null 2>&1 || useradd --system --home-dir "$data" --shell /usr/sbin/nologin parley
    mkdir -p "$data"
    chown parley:parley "$data"
    chmod 700 "$data"
    sed -e "s|@PREFIX@|$prefix|g" -e "s|@DATA@|$data|g" parley.service >/etc/systemd/system/parley.service
    command -v systemctl >/dev/null 2>&1 && systemctl daemon-reload || true
fi
cat <<WORDS
Installed in $prefix/current. Next:
  1. Make the side:      $prefix/current/bin/parley init $data/node --side … --name … (as the user parley)
  2. Found the line:     docs/operating/founding.md, with the other side's card and the twelve words
  3. Open the firewall:  the port of \`listen\` in config.toml, from the other node's addresses only
  4. Start:              systemctl enable --now parley
WORDS
