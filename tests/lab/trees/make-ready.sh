#!/bin/bash
# make-ready.sh BASE TREE INPUTS SCRIPT: a host on which everything the checklist asks is right, from a copy of BASE.
# SCRIPT makes it so from within.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
base=$1 tree=$2 inputs=$3 inside=$4
rm -rf --one-file-system "$tree"
cp -ax "$base" "$tree"
# an older PostgreSQL beside the tree's own, for the states about two servers
case ${inside##*/}:$(. "$tree/etc/os-release"; echo "$VERSION_CODENAME") in ready.sh:bookworm) "$here/postgresql13.sh" "$tree" ;; esac
mkdir -p "$tree/root/inputs"
cp "$inputs/lab.pub" "$inputs/payments" "$tree/root/inputs/"
cp -r "$inputs/tls" "$tree/root/inputs/"
cp "$inside" "$tree/root/inputs/ready.sh"
systemd-nspawn --quiet --register=no --keep-unit --private-network --pipe -D "$tree" \
  bash -c 'cp -r /root/inputs/lab.pub /root/inputs/payments /root/inputs/tls /tmp/ && bash /root/inputs/ready.sh' > "$tree.log" 2>&1 ||
  { tail -20 "$tree.log" >&2; exit 1; }
rm -rf "$tree/root/inputs" "$tree"/tmp/*
