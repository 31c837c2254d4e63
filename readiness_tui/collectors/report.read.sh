# shellcheck shell=sh
# about: Prints a report, at most 128 KiB of it, in base64.
# arguments: FILE
# example: {env}
# subject: report report
# cause: ^absent not-configured
if gone "$1"; then cant report "absent: $1 does not exist"
elif ! [ -r "$1" ] || ! [ -f "$1" ]; then cant report "denied $1"
elif [ "$(wc -c <"$1")" -gt 131072 ]; then cant report "unsupported: $1 is larger than 128 KiB; give the tool's summary"
elif ! have base64; then cant report "no-tool: base64 is not installed"
else base64 <"$1" | tr -d '\n' | fold -w 4000 | sed 's/^/part=/'; printf '\n'; fi
