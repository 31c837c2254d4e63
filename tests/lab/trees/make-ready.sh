#!/bin/bash
# make-ready.sh BASE TREE INPUTS: a host on which everything the checklist asks is right, from a copy of BASE.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
base=$1 tree=$2 inputs=$3
rm -rf --one-file-system "$tree"
cp -ax "$base" "$tree"
"$here/postgresql13.sh" "$tree"
mkdir -p "$tree/root/inputs"
cp "$inputs/lab.pub" "$inputs/payments" "$tree/root/inputs/"
cp -r "$inputs/tls" "$tree/root/inputs/"
cp "$here/ready.sh" "$tree/root/inputs/"
systemd-nspawn --quiet --register=no --keep-unit --private-network --pipe -D "$tree" \
  bash -c 'cp -r /root/inputs/lab.pub /root/inputs/payments /root/inputs/tls /tmp/ && bash /root/inputs/ready.sh' > "$tree.log" 2>&1 ||
  { tail -20 "$tree.log" >&2; exit 1; }
rm -rf "$tree/root/inputs" "$tree"/tmp/*
