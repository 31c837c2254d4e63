# shellcheck shell=sh
# about: Looks for secrets outside the environment file: in the unit, its command lines and files beside it; prints names and shapes only.
# arguments: UNIT DIRECTORY...
# example: app.service /etc
# root: ls -1 {2}
# root: ls -1 {3}
# root: cat FILE
# subject: unit the unit
# subject: file configuration files
# $1 unit, $2... directories. environment=NAME (of Environment= in the unit, with the value of a secret)   command=what (of a command line, with what shape)
#   file=path|mode|what (holds what shape)   files=configuration files looked at
shape() {  # names the shapes of secrets on standard input, once each; placeholders are none
  grep -vE '\$\{?[A-Za-z_]|<[A-Za-z_ -]+>|change[-_ ]?me|x{6,}|example' | awk '
    /(sk|pk)_live_[0-9A-Za-z]{8}/ || /sk_live_........................../ { print "a payment key" }
    /-----BEGIN [A-Z ]*PRIVATE KEY-----/ { print "a private key" }
    /[a-z+]+:\/\/[^:\/@ \t"]*:[^@\/ \t"]+@/ { print "a URL with a password" }
    tolower($0) ~ /(^|[^a-z])(password|passwd|secret|secret_key|api_?key|access_?token|auth_?token|private_?key)["\047]?[ \t]*[=:][ \t]*["\047]?[^ \t"\047,}]{8,}/ { print "a password or key" }
    tolower($0) ~ /--?(password|secret|token|api-?key)[= ][^ ]{6,}/ { print "a password or key" }' | sort -u; }
u=$1; shift
if [ -d /run/systemd/system ] && have systemctl; then
  s=$(systemctl show -p LoadState --value "$u" 2>/dev/null) || { cant unit no-bus; s=; }
  kv loaded "${s:-unknown}"
  systemctl show -p Environment --value "$u" 2>/dev/null | tr ' ' '\n' | sed 's/^"//; s/"$//' | awk -F= '
    NF > 1 && toupper($1) ~ /(SECRET|TOKEN|PASSWORD|PASSWD|APIKEY|API_KEY|PRIVATE_KEY|ACCESS_KEY|CREDENTIAL|DSN|_KEY$|_URL$|_URI$)/ && toupper($1) !~ /(PUBLIC|_FILE$|_PATH$|_DIR$|KEY_ID$)/ {
      v = substr($0, length($1) + 2)
      if (toupper($1) ~ /(URL|URI|DSN)$/) { if (v ~ /:\/\/[^:\/@]*:[^@\/]+@/) print "environment=" $1 }
      else if (length(v) >= 6 && v !~ /^\// && v !~ /^[0-9]+$/ && tolower(v) !~ /^(true|false|none|null|disabled|enabled)$/) print "environment=" $1 }'
  systemctl show -p ExecStart "$u" 2>/dev/null | sed -n 's/.*argv\[\]=\(.*\) ; ignore_errors.*/\1/p' | shape | sed 's/^/command=the unit|/'
  cg=$(systemctl show -p ControlGroup --value "$u" 2>/dev/null)
  if [ -n "$cg" ]; then
    for p in $(cat "/sys/fs/cgroup$cg/cgroup.procs" "/sys/fs/cgroup/systemd$cg/cgroup.procs" 2>/dev/null | sort -u | head -100); do
      tr '\000' ' ' < "/proc/$p/cmdline" 2>/dev/null | shape
    done | sort -u | sed 's/^/command=a process|/'
  fi
else cant unit "unsupported: there is no systemd"; fi
n=0
for d in "$@"; do
  [ -d "$d" ] || continue
  if [ -r "$d" ] && [ -x "$d" ]; then l=$(ls -1 "$d" 2>/dev/null)
  elif ! l=$(root ls -1 "$d" 2>/dev/null); then cant file "denied $d"; kv hint "sudoers: $(id -un) ALL=(root) NOPASSWD: $(command -v ls) -1 $d"; continue; fi
  for f in $(printf '%s\n' "$l" | grep -E '^[A-Za-z0-9._-]+[.](toml|json|ya?ml|ini|conf|cfg|properties)$'); do
    f=$d/$f
    n=$((n + 1)); [ $n -le 60 ] || break
    t=$(head -c 200000 "$f" 2>/dev/null) || t=$(root cat "$f" 2>/dev/null | head -c 200000 | grep .) || { cant file "denied $f"; continue; }
    m=$(stat -c %a "$f" 2>/dev/null || echo hidden)
    printf '%s\n' "$t" | shape | sed "s#^#file=$(printf '%s' "$f" | sed 's/[#&\\]/\\&/g')|$m|#"
  done
done
kv files "$n"
