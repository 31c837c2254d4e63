# shellcheck shell=sh
# about: Enters a checkout on the operator's machine and prints its commit and state.
# arguments: CHECKOUT
# timeout: 60
# subject: checkout the checkout
# cause: ^absent not-configured
# cause: ^not-git unsupported
# cause: ^no-git no-tool
# shellcheck disable=SC2034  # tracked is for the collector that follows
# $1 directory. commit=hash|seconds since 1970   dirty=files changed against the commit   shallow=yes or no   tracked=yes or no
# git never runs a program that the repository's own configuration names, fetches nothing and takes no lock.
GIT_OPTIONAL_LOCKS=0; GIT_TERMINAL_PROMPT=0; GIT_NO_LAZY_FETCH=1; GIT_PAGER=''; export GIT_OPTIONAL_LOCKS GIT_TERMINAL_PROMPT GIT_NO_LAZY_FETCH GIT_PAGER
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_EXTERNAL_DIFF GIT_CONFIG_COUNT GIT_CONFIG_PARAMETERS
git_() { git --no-pager -c core.fsmonitor=false -c core.hooksPath=/dev/null -c core.quotePath=false -c log.showSignature=false "$@"; }
checkout=$1
[ -d "$checkout" ] || { cant checkout "absent: $1 is not a directory on this machine"; exit 0; }
cd "$checkout" 2>/dev/null || { cant checkout "denied $1"; exit 0; }
tracked=no
if ! have git; then kv tracked no; cant commit no-git
elif ! git_ rev-parse --is-inside-work-tree >/dev/null 2>&1; then kv tracked no; cant commit "not-git: $1 is no git checkout, or belongs to another user"
else
  tracked=yes; kv tracked yes
  kv shallow "$(git_ rev-parse --is-shallow-repository 2>/dev/null)"
  c=$(git_ log -1 --format='%H|%ct' 2>/dev/null) && [ -n "$c" ] && kv commit "$c" || cant commit "not-git: there is no commit yet"
  kv head_since "$(git_ log -g -1 --date=unix --format=%gd HEAD 2>/dev/null | sed -n 's/.*{\([0-9]*\)}/\1/p')"
  kv dirty "$(git_ status --porcelain --untracked-files=no --ignore-submodules=all 2>/dev/null | grep -c .)"
fi
