#!/bin/sh
# Writes deploy/.env for deploy/compose.yaml: fresh secrets, readable by their owner alone.
#
#   deploy/make-env.sh               the stack as it is meant to be run
#   deploy/make-env.sh --simulator   with the provider simulator, and with http and private addresses open to it
#
# An existing file is never replaced: what its keys have sealed could not be opened any more.
set -eu
cd "$(dirname "$0")"
simulator=0
case ${1:-} in
  '') ;;
  --simulator) simulator=1 ;;
  *) sed -n '2,7p' "$(basename "$0")" >&2; exit 2 ;;
esac
[ ! -e .env ] || { echo "deploy/.env exists already and is left as it is" >&2; exit 1; }

hex() { od -An -vtx1 -N "$1" /dev/urandom | tr -d ' \n'; }
key() { head -c 32 /dev/urandom | base64 | tr -d '\n'; }

umask 077
cat >.env.new <<EOF
RABBITMQ_PASSWORD=$(hex 20)
AWS_ACCESS_KEY_ID=busker$(hex 8)
AWS_SECRET_ACCESS_KEY=$(hex 20)
ADMIN_TOKEN=$(hex 32)
SIGNING_SECRETS=sign$(hex 2):$(key)
VAULT_KEYS=vault$(hex 2):$(key)

# Where the API answers on this machine, and the address by which buyers know it
API_PORT=8080
API_PUBLIC_URL=http://localhost:8080
EOF
if [ $simulator = 1 ]; then
  printf '\n# The provider simulator, and http and private addresses open to it: for development only\n' >>.env.new
  printf 'COMPOSE_PROFILES=simulator\nALLOW_PRIVATE_NETWORKS=1\n' >>.env.new
fi
mv .env.new .env
echo "deploy/.env is written" >&2
