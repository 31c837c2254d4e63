# shellcheck shell=sh
# about: Counts the commits since a moment that change documents.
# arguments: CHECKOUT SINCE
# after: repo.git
# example: /usr/share/base-files 2026-01-01T00:00:00+00:00
# shellcheck disable=SC2154  # tracked is set by repo.git
# after repo.git: $2 a moment (ISO 8601). changes=N
[ "$tracked" = yes ] || { cant changes "not-git: only a git checkout has commits"; exit 0; }
n=$(git_ log --since="$2" --format=%h -- docs doc '*.md' '*.adoc' '*.rst' 2>/dev/null) && kv changes "$(printf '%s\n' "$n" | grep -c .)" || cant changes "error: git log failed"
