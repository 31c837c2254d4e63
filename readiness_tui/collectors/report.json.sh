# shellcheck shell=sh
# about: Prints a JSON report on the operator's machine.
# arguments: CHECKOUT REPORT
# after: repo.git
# example: /usr/share/base-files no.json
# subject: report the report
# cause: ^absent not-configured
# cause: ^too-large unsupported
# after repo.git: $2 the file, relative to the checkout or absolute. json=base64, in pieces   modified=seconds since 1970
[ -f "$2" ] || { cant report "absent: there is no $2"; exit 0; }
[ -r "$2" ] || { cant report "denied $2"; exit 0; }
[ "$(wc -c < "$2")" -le 150000 ] || { cant report "too-large: $2 has over 150 000 bytes; give the summary, not every request"; exit 0; }
kv modified "$(stat -c %Y "$2" 2>/dev/null || stat -f %m "$2" 2>/dev/null)"
base64 < "$2" | tr -d '\n' | fold -w 6000 | sed 's/^/json=/'; echo
