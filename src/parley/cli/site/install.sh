#!/bin/sh
# Sets up Parley @VERSION@ from this folder alone: no network, no compiler.
#   ./install.sh [--prefix DIR] [--data DIR] [--no-system] [--dry-run]
# --prefix     where the program goes (default /opt/parley, or where it is already)
# --data       the node's data folder (default /var/lib/parley, or where it is already)
# --no-system  neither a user nor a systemd unit: for trying it out, or under another service manager
# --dry-run    check everything, say what would be done, do nothing
# Running it again with a newer bundle upgrades the program and touches no data; with the older one it rolls back.
set -eu
umask 022 # the program belongs to root and is read by the user parley, whatever root's own habit is
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
prefix="" data="" system=yes dry=no
service=/etc/systemd/system/parley.service
usage() { echo "install: $*; see the head of $0" >&2; exit 2; }
while [ $# -gt 0 ]; do
    case "$1" in
    --prefix | --data)
        [ $# -ge 2 ] && [ -n "$2" ] || usage "$1 needs a folder"
        case "$2" in *[!A-Za-z0-9/._-]*) usage "$1: a path with such letters does not fit a systemd unit" ;; esac
        case "$2" in /*) folder=$2 ;; *) folder=$(pwd -P)/$2 ;; esac
        if [ "$1" = --prefix ]; then prefix=$folder; else data=$folder; fi
        shift 2
        ;;
    --no-system) system=no; shift ;;
    --dry-run) dry=yes; shift ;;
    *) usage "unknown option $1" ;;
    esac
done
die() { echo "install: $*" >&2; exit 3; }
# there NAME: where the unit of an installation before this one has it. At an upgrade nobody remembers what was given then.
there() {
    [ "$system" = yes ] && [ -f "$service" ] || return 0
    case "$1" in
    prefix) sed -n 's|^ExecStart=\(/[A-Za-z0-9/._-]*\)/current/bin/parley run .*|\1|p' "$service" ;;
    data) sed -n 's|^ExecStart=.*/current/bin/parley run \(/[A-Za-z0-9/._-]*\)/node$|\1|p' "$service" ;;
    esac
}
[ -n "$prefix" ] || prefix=$(there prefix)
[ -n "$data" ] || data=$(there data)
prefix=${prefix:-/opt/parley} data=${data:-/var/lib/parley}
# step WORDS COMMAND…: do it, or only say it.
step() {
    if [ "$dry" = yes ]; then echo "would $1"; return; fi
    words=$1; shift
    "$@" || die "could not $words."
}

cd "$here"
sha256sum --check --quiet --strict SHA256SUMS || die "the folder is not as it was made; nothing was installed."
export PYTHONNODEBUGRANGES=1 # modules are compiled without columns for a stack that nobody is ever shown: a megabyte
python=$(command -v python3) || die "python3 is missing; Parley needs Python 3.11 or later."
if [ "$system" = yes ]; then
    # The unit hides homes from the node, and root's own is closed to it: a Python that lives there would never start.
    case "$("$python" -c 'import sys; print(sys.base_prefix)')/" in
    /root/* | /home/* | /run/user/*) python=/usr/bin/python3 ;;
    esac
    [ -x "$python" ] || die "python3 lies in a home, where the node may not read it; install the system's own Python."
fi
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || die "Parley needs Python 3.11 or later, got $python."
"$python" -c 'import ensurepip, venv' 2>/dev/null || die "$python cannot make an environment; on Debian: python3-venv."
if [ "$system" = yes ]; then
    [ "$(id -u)" = 0 ] || die "a system-wide set-up needs root; or use --no-system. Nothing was installed."
    command -v useradd >/dev/null 2>&1 || die "useradd is missing; make the user yourself and use --no-system."
fi

# A folder for each bundle: the running program is never changed under its feet.
fresh="$prefix/@VERSION@-$(sha256sum SHA256SUMS | cut -c1-8)"
# A full disk fails somewhere in the middle, in the words of whatever wrote then; it is looked for beforehand.
room() {
    place=$prefix
    while ! [ -d "$place" ]; do place=$(dirname "$place"); done
    free=$(df -Pk "$place" | awk 'NR == 2 { print $4 }')
    [ "${free:-0}" -ge 300000 ] || die "the program needs 300000 KiB free at $place, got $free. Nothing was installed."
}
environment() {
    rm -rf "$fresh"
    mkdir -p "$prefix" && "$python" -m venv "$fresh" || return 1
    "$fresh/bin/python" -m pip install --quiet --no-index --find-links "$here/wheels" --only-binary=:all: \
        --require-hashes -r "$here/requirements.txt" || { rm -rf "$fresh"; die "the wheels do not fit this machine."; }
    # The node may not write here: what it would compile at each start is compiled now.
    "$fresh/bin/python" -c 'from parley.desk.render import compile_all; compile_all()' || return 1
    mkdir -p "$fresh/share/doc/parley" && cp -R docs/. "$fresh/share/doc/parley" || return 1
    cp SHA256SUMS "$fresh/SHA256SUMS" # last: says that it is whole, and from which bundle
}
link() {
    ln -sfn "$fresh" "$prefix/current.new" && mv -T "$prefix/current.new" "$prefix/current"
}
account() {
    id parley >/dev/null 2>&1 || useradd --system --user-group --home-dir "$data" --shell /usr/sbin/nologin parley
}
folder() {
    mkdir -p "$data" && chown parley:parley "$data" && chmod 700 "$data"
}
# Somebody may have put lines of their own into the unit itself, such as the passphrase's: they are kept beside it, and named.
unit() {
    sed -e "s|@PREFIX@|$prefix|g" -e "s|@DATA@|$data|g" parley.service >"$service.new" || return 1
    if [ -f "$service" ] && ! cmp -s "$service" "$service.new"; then
        cp -p "$service" "$service.before" || return 1
        echo "The unit before differs and is kept as $service.before; lines of your own belong in \`systemctl edit parley\`."
    fi
    mv "$service.new" "$service" &&
        { ! command -v systemctl >/dev/null 2>&1 || ! [ -d /run/systemd/system ] || systemctl daemon-reload; }
}
before=$(readlink "$prefix/current" || true)
if ! cmp -s SHA256SUMS "$fresh/SHA256SUMS"; then room; step "make the environment $fresh from wheels/" environment; fi
step "let $prefix/current lead to it" link
if [ "$system" = yes ]; then
    step "make the user parley" account
    step "make $data, for that user only" folder
    step "write $service" unit
fi
[ "$dry" = no ] || { echo "Nothing was done: --dry-run."; exit 0; }
"$prefix/current/bin/parley" --version
as="" again="start the node again"
[ "$system" = no ] || { as="runuser -u parley -- " again="systemctl restart parley"; }
if [ -e "$data/node/config.toml" ]; then
    cat <<WORDS
Installed in $prefix/current${before:+, in place of $before}. $data is as it was.
A node that runs keeps the program it started with. Next (docs/operating/upgrade.md in this folder has it all):
  1. Look:               $as$prefix/current/bin/parley doctor $data/node
  2. Take it into use:   $again
To go back: install.sh of the older bundle, and the same two steps.
WORDS
    exit 0
fi
cat <<WORDS
Installed in $prefix/current. Next (docs/operating/install.md in this folder has it all):
  1. Make the side:      $as$prefix/current/bin/parley init $data/node --side … --name …
  2. Found the line:     docs/operating/founding.md, with the other side's card and the twelve words
  3. Open the firewall:  the port of \`listen\` in config.toml, from the other node's addresses only
  4. Start:              systemctl enable --now parley
WORDS
