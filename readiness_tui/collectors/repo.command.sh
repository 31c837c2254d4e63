# shellcheck shell=sh
# about: Runs a command in the checkout on the operator's machine, without the operator's variables, and counts its tests.
# arguments: CHECKOUT NAME=VALUE,... PROGRAM ARGUMENT...
# after: repo.git
# example: /usr/share/base-files A=1 true
# timeout: 900
# subject: command the command
# after repo.git: $2 variables it may see, one a line; $3... the command. No line of its output leaves, only counts.
#   ran=exit status   tests=passed|failed|ignored, summed over cargo's result lines
v=$2; shift 2
have "$1" || { cant command "no-tool: $1 is not installed"; exit 0; }
set -- "$@" # the command; the variables go before it
IFS='
'
# shellcheck disable=SC2086  # one variable a line
o=$(env -i PATH="$PATH" HOME="$HOME" LC_ALL=C CARGO_TERM_COLOR=never ${CARGO_HOME:+CARGO_HOME="$CARGO_HOME"} ${RUSTUP_HOME:+RUSTUP_HOME="$RUSTUP_HOME"} $v "$@" 2>&1 </dev/null); rc=$?
kv ran "$rc"
printf '%s\n' "$o" | awk '
  /^test result: / { for (i = 1; i < NF; i++) { if ($(i + 1) ~ /^passed/) p += $i; if ($(i + 1) ~ /^failed/) f += $i; if ($(i + 1) ~ /^ignored/) g += $i }; n++ }
  END { if (n) print "tests=" p + 0 "|" f + 0 "|" g + 0 }'
printf '%s\n' "$o" | grep -q '^error: could not compile\|^error\[E[0-9]*\]\|^error: linking with' && kv compile_error yes
printf '%s\n' "$o" | awk '/"reason":"compiler-message"/ && /"level":"warning"/ && !/warnings? emitted/ { n++ } /"reason":"build-finished"/ { done = 1 } END { if (done) print "warnings=" n + 0 }'
