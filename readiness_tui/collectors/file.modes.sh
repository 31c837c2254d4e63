# shellcheck shell=sh
# about: Reads the lines of `ls -l`; for the collector that follows.
# shellcheck disable=SC2034  # used by the collector that follows in the same shell
# Defines MODE_AWK: a line of `ls -l` as type|octal mode|owner|group|size|acl or nothing|name.
MODE_AWK='
function bits(s,  n) { n = 0; if (substr(s, 1, 1) == "r") n += 4; if (substr(s, 2, 1) == "w") n += 2; if (substr(s, 3, 1) ~ /[xst]/) n += 1; return n }
/^[-dlbcps]/ {
  m = $1; t = substr(m, 1, 1); s = (substr(m, 4, 1) ~ /[sS]/) * 4 + (substr(m, 7, 1) ~ /[sS]/) * 2 + (substr(m, 10, 1) ~ /[tT]/)
  kind = t == "-" ? "regular file" : t == "d" ? "directory" : t == "l" ? "symbolic link" : "special file"
  name = $0; for (i = 1; i <= 8; i++) { sub(/^[^ ]+/, "", name); if (i < 8) sub(/^ +/, "", name); else sub(/^ /, "", name) }
  print kind "|" (s ? s : "") bits(substr(m, 2, 3)) bits(substr(m, 5, 3)) bits(substr(m, 8, 3)) "|" $3 "|" $4 "|" $5 "|" (substr(m, 11, 1) == "+" ? "acl" : "") "|" name
}'
