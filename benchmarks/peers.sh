#!/bin/sh
# Makes the throw-away environment of the peers, benchmarks/.venv-peers. Remove it to start anew.
set -eu
here=$(dirname "$0")
python3 -m venv "$here/.venv-peers"
"$here/.venv-peers/bin/python" -m pip install --quiet --upgrade -r "$here/peers.txt"
"$here/.venv-peers/bin/python" -m pip list | grep -E '^(ansible-core|parallel-ssh|paramiko|pyinfra|pytest-testinfra) '
