# shellcheck shell=sh
# about: Looks for committed secrets in a checkout and its history; prints paths and counts, never a matched text.
# arguments: CHECKOUT
# after: repo.git
# example: /usr/share/base-files
# timeout: 300
# subject: history the history
# shellcheck disable=SC2154  # tracked is set by repo.git
# after repo.git: commits=N   tracked_file=path   past_file=path (was committed once)   hit=path (of the last commit)   past_hits=commits that add a secret
#   gitleaks=clean, found or absent   exceptions=file that tells gitleaks what to leave out
[ "$tracked" = yes ] || { cant history "not-git: there is no history to look at"; exit 0; }
kv commits "$(git_ rev-list --all --count 2>/dev/null)"
example='\.(example|sample|template|dist|pub)$|(^|/)(tests?|fixtures|testdata|examples?)/'
secret_file='(^|/)(\.env($|\.)|id_(rsa|dsa|ecdsa|ed25519)$|.*\.(pem|p12|pfx|key|keystore|jks)$|\.pgpass$|\.netrc$)'
git_ ls-files | grep -E "$secret_file" | grep -vE "$example" | head -20 | while IFS= read -r f; do
  case $f in *.pem|*.key) grep -q 'PRIVATE KEY' "$f" 2>/dev/null || continue ;; *.env*) grep -qE '^[[:space:]]*(export[[:space:]]+)?[A-Za-z_][A-Za-z0-9_]*=[^[:space:]#]' "$f" 2>/dev/null || continue ;; esac
  kv tracked_file "$f"
done
git_ log --all --diff-filter=A --no-renames --name-only --format= 2>/dev/null | grep -E '(^|/)(\.env($|\.)|id_(rsa|dsa|ecdsa|ed25519)$|.*\.(p12|pfx|keystore|jks)$|\.pgpass$)' | grep -vE "$example" | sort -u | head -20 | sed 's/^/past_file=/'
shapes='sk_live_[0-9A-Za-z]{24,}|-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22,}|glpat-[A-Za-z0-9_-]{20}|xox[abpr]-[A-Za-z0-9-]{10,}|(postgres(ql)?|mysql|redis|amqps?|mongodb(\+srv)?)://[^:/@[:space:]]*:[^@/[:space:]{}$<]{8,}@'
git_ grep -lIE "$shapes" HEAD -- 2>/dev/null | sed 's/^HEAD://' | grep -vE "$example" | head -20 | sed 's/^/hit=/'
kv past_hits "$(git_ log --all --format=%h --no-textconv --no-ext-diff --pickaxe-regex -S'sk_live_[0-9A-Za-z]{24,}|-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|glpat-[A-Za-z0-9_-]{20}' -- . ':(exclude,glob)**/test*/**' ':(exclude,glob)**/fixtures/**' ':(exclude,glob)**/examples/**' ':(exclude,glob)**/*.example' ':(exclude,glob)**/*.sample' ':(exclude,glob)**/*.template' ':(exclude,glob)**/*.dist' 2>/dev/null | sort -u | wc -l | tr -d ' ')"
for f in .gitleaks.toml .gitleaksignore; do [ -e "$f" ] && kv exceptions "$f"; done
if have gitleaks; then
  gitleaks git --no-banner --redact=100 --exit-code 42 -l error . >/dev/null 2>&1; rc=$?
  [ "$rc" = 126 ] && { gitleaks detect --source . --no-banner --redact=100 --exit-code 42 >/dev/null 2>&1; rc=$?; }
  case $rc in 0) kv gitleaks clean ;; 42) kv gitleaks found ;; *) cant gitleaks "error: gitleaks ended with status $rc" ;; esac
else kv gitleaks absent; fi
