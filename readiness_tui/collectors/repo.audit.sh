# shellcheck shell=sh
# about: Asks a dependency checker about the lock file of a checkout, on the operator's machine.
# arguments: CHECKOUT TOOL
# after: repo.git
# example: /usr/share/base-files audit
# timeout: 300
# subject: audit the dependency checker
# shellcheck disable=SC2154  # tracked is set by repo.git
# after repo.git: $2 audit (cargo audit) or licenses (cargo deny). json=its answer in base64, in pieces   status=exit
#   lock=path|days since its last commit   ignores=advisories that .cargo/audit.toml leaves out   deny=yes or no (deny.toml has a section for licences)
for f in Cargo.lock package-lock.json yarn.lock pnpm-lock.yaml poetry.lock uv.lock go.sum Gemfile.lock; do
  [ -f "$f" ] || continue
  t=; [ "$tracked" = yes ] && t=$(git_ log -1 --format=%ct -- "$f" 2>/dev/null)
  kv lock "$f|${t:+$(( ($(date +%s) - t) / 86400 ))}"
done
grep -q '^\[licenses\]' deny.toml 2>/dev/null && kv deny yes || kv deny no
[ -f .cargo/audit.toml ] && kv ignores "$(sed 's/#.*//' .cargo/audit.toml | grep -oE '(RUSTSEC|CVE|GHSA)-[0-9A-Za-z-]+' | sort -u | tr '\n' ' ')"
[ -f Cargo.lock ] || exit 0
case $2 in
  audit) have cargo-audit || { cant audit "no-tool: cargo-audit is not installed"; exit 0; }
    o=$(env -i PATH="$PATH" HOME="$HOME" LC_ALL=C ${CARGO_HOME:+CARGO_HOME="$CARGO_HOME"} cargo-audit audit --json 2>/dev/null </dev/null); kv status $? ;;
  licenses) have cargo-deny || { cant audit "no-tool: cargo-deny is not installed"; exit 0; }
    o=$(env -i PATH="$PATH" HOME="$HOME" LC_ALL=C ${CARGO_HOME:+CARGO_HOME="$CARGO_HOME"} cargo-deny --format json check licenses 2>&1 </dev/null | grep '^{')
    kv errors "$(printf '%s\n' "$o" | grep -c '"severity":"error"')"; printf '%s\n' "$o" | grep -q '"type":"summary"' && kv finished yes; exit 0 ;;
esac
[ -n "$o" ] && printf '%s' "$o" | base64 | tr -d '\n' | fold -w 6000 | sed 's/^/json=/' && echo
