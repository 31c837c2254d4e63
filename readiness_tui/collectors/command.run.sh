# shellcheck shell=sh
# about: Runs commands of the checklist and prints their first line, each as the user whose program it is.
# arguments: DIRECTORIES COMMAND...
# example: '~/.cargo/bin:/root/.cargo/bin' 'sh -c' 'nosuchprogram --version'
# root: ls -1d PROGRAM
# user: OWNER: env RUSTUP_AUTO_INSTALL=0 HOME=/proc/self RUSTUP_HOME=FOLDER PROGRAM --version
# timeout: 30
# A program is run with a home that nobody can write to: rustup, go and others would create files in a real one.
# $1 directories to search beside PATH, a colon list: `~/` is the login user's home, `~*/` every person's and root's.
# Then one command line of plain words each. In / and without installers, so that nothing is fetched.
# Answers run=WORDS|EXIT|FIRST LINE, run=WORDS|absent, or run=WORDS|hidden|WHERE when a place could not be seen.
cd / || exit 0
me=$(id -un); list=$1; shift
homes=$( (getent passwd || cat /etc/passwd) 2>/dev/null | awk -F: '($3 == 0 || ($3 >= 1000 && $3 < 60000)) && $6 ~ /^\/./ {print $6}')
places=$(
  printf '%s\n' "$list" | tr ':' '\n' | while IFS= read -r d; do
    # shellcheck disable=SC2088  # the tilde is expanded here
    case $d in
      '') ;;
      '~*/'*) printf '%s\n' "$homes" | while IFS= read -r h; do printf '%s/%s\n' "$h" "${d#??/}"; done ;;
      '~/'*) printf '%s/%s\n' "${HOME:-/nonexistent}" "${d#??}" ;;
      *) printf '%s\n' "$d" ;;
    esac
  done
  # what a login shell would add; read, not run
  cat /etc/environment /etc/profile /etc/profile.d/*.sh 2>/dev/null | sed -n 's/.*PATH=//p' | tr ':"'\'' ;' '\n\n\n\n\n' | grep '^/'
)
rustup_home() { # of the program $1: where settings are kept, because rustup writes them where it finds none
  for h in "${RUSTUP_HOME:-}" "${1%/*/bin/*}/.rustup" "${1%/*/bin/*}/rustup"; do
    [ -n "$h" ] || continue
    if [ -e "$h/settings.toml" ]; then printf '%s' "$h"; return; fi
    if ! gone "$h/settings.toml" && root ls -1d "$h/settings.toml" >/dev/null 2>&1; then printf '%s' "$h"; return; fi
  done
  printf /proc/self/.rustup
}
as_owner() { # $1 owner, then a command line; 77 when this user may not
  as_o=$1; shift; set -- env RUSTUP_AUTO_INSTALL=0 HOME=/proc/self RUSTUP_HOME="$settings" "$@"
  if [ "$as_o" = "$me" ]; then "$@"; elif [ "$(id -u)" != 0 ] && [ "$as_o" = root ]; then root "$@"; else asuser "$as_o" "$@"; fi
}
for line in "$@"; do
  program=${line%% *}; path=''; hidden=''
  path=$(command -v "$program" 2>/dev/null)
  if [ -z "$path" ]; then
    set -f; IFS='
'
    for d in $places; do # no here-document: bash before 5.1 writes those to a file
      [ -n "$d" ] || continue
      if [ -x "$d/$program" ] && [ -f "$d/$program" ]; then path=$d/$program; break; fi
      gone "$d/$program" || hidden="$hidden $d/$program"
    done
    unset IFS; set +f
  fi
  if [ -z "$path" ] && [ -n "$hidden" ]; then
    # shellcheck disable=SC2086
    seen=$(root ls -1d $hidden 2>/dev/null); [ $? = 77 ] && { kv run "$line|hidden|${hidden# }"; continue; }
    path=$(printf '%s\n' "$seen" | head -1)
  fi
  if [ -z "$path" ]; then kv run "$line|absent"; continue; fi
  owner=$(stat -L -c %U "$path" 2>/dev/null || root stat -L -c %U "$path" 2>/dev/null); arguments=''; settings=$(rustup_home "$path")
  case $line in *' '*) arguments=${line#* } ;; esac
  if [ -x "$path" ] && { [ "$owner" = root ] || [ "$owner" = "$me" ]; }; then
    # shellcheck disable=SC2086  # a command line of plain words is meant to be split
    o=$(as_owner "$me" "$path" $arguments 2>&1); rc=$?
  else
    # shellcheck disable=SC2086
    o=$(as_owner "${owner:-root}" "$path" $arguments 2>&1); rc=$?
    [ "$rc" = 77 ] && { kv run "$line|hidden|$path of $owner"; continue; }
  fi
  kv run "$line|$rc|$(printf '%s\n' "$o" | head -1 | tr '|' / | cut -c1-120)"
done
