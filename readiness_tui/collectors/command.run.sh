# shellcheck shell=sh
# about: Runs commands of the checklist as the login user and prints their first line.
# arguments: DIRECTORIES COMMAND...
# timeout: 30
# $1 directories to search as well (a colon list, ~ is the login user's home), then one command line of plain words each.
# Answers run=words|exit|first line of output, or run=words|absent. In / and without installers, so that nothing is fetched.
set -f; PATH=$PATH$(printf ':%s' "$1" | sed "s|:~/|:${HOME:-/nonexistent}/|g"); export PATH; shift
RUSTUP_AUTO_INSTALL=0; export RUSTUP_AUTO_INSTALL; cd / || exit 0
for line in "$@"; do
  if have "${line%% *}"; then
    # shellcheck disable=SC2086  # a command line of plain words is meant to be split
    o=$($line 2>&1); kv run "$line|$?|$(printf '%s\n' "$o" | head -1 | cut -c1-120)"
  else kv run "$line|absent"; fi
done
