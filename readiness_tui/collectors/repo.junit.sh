# shellcheck shell=sh
# about: Counts the tests of a JUnit XML report; no text of a test leaves.
# arguments: CHECKOUT REPORT
# after: repo.git
# example: /usr/share/base-files no.xml
# subject: report the test report
# cause: ^absent not-configured
# cause: ^not-xml garbled
# shellcheck disable=SC2154  # checkout and tracked are set by repo.git
# after repo.git: $2 the report, or a directory of reports, relative to the checkout or absolute
#   report=testcases|failures|errors|skipped|tests its suites announce|yes or no (its root is closed)   at=newest timestamp of a suite
#   named_commit=value of a property that names a commit   modified=seconds since 1970, the oldest file   inside=yes or no (of the checkout)   committed=yes or no
r=$2
[ -e "$r" ] || { cant report "absent: there is no $r"; exit 0; }
[ -r "$r" ] || { cant report "denied $r"; exit 0; }
if [ -d "$r" ]; then l=$(find "$r" -type f -name '*.xml' 2>/dev/null | head -500); else l=$r; fi
[ -n "$l" ] || { cant report "absent: $r holds no *.xml"; exit 0; }
real=$(cd "$(dirname "$(printf '%s\n' "$l" | head -1)")" 2>/dev/null && pwd -P); here=$(pwd -P)
case $real/ in "$here"/*) kv inside yes ;; *) kv inside no ;; esac
if [ "$tracked" = yes ] && git_ ls-files --error-unmatch -- "$(printf '%s\n' "$l" | head -1)" >/dev/null 2>&1; then kv committed yes; else kv committed no; fi
kv modified "$(printf '%s\n' "$l" | while IFS= read -r f; do stat -c %Y "$f" 2>/dev/null || stat -f %m "$f" 2>/dev/null; done | sort -n | head -1)"
# records end at "<": comments, CDATA and declarations are skipped as XML 1.0 says; an attribute may hold ">" but never "<"
printf '%s\n' "$l" | while IFS= read -r f; do
  awk 'BEGIN { RS = "<" }
  function attribute(text, name,  at, q, rest) {
    if (!match(text, "[ \t\r\n]" name "[ \t\r\n]*=[ \t\r\n]*[\"\047]")) return ""
    q = substr(text, RSTART + RLENGTH - 1, 1); rest = substr(text, RSTART + RLENGTH); at = index(rest, q)
    return at ? substr(rest, 1, at - 1) : ""
  }
  NR == 1 { next }
  cdata { if (index($0, "]]>")) cdata = 0; next }
  comment { if (index($0, "-->")) comment = 0; next }
  /^!\[CDATA\[/ { if (!index($0, "]]>")) cdata = 1; next }
  /^!--/ { if (!index($0, "-->")) comment = 1; next }
  /^!DOCTYPE/ { print "bad=declares a document type"; bad = 1; exit }
  /^[?!]/ { next }
  { name = $0; sub(/[ \t\r\n\/>].*/, "", name); if (substr($0, 1, 1) == "/") { name = substr($0, 2); sub(/[ \t\r\n>].*/, "", name) } }
  !top { top = name; if (top != "testsuites" && top != "testsuite") { print "bad=begins with another element"; bad = 1; exit } }
  substr($0, 1, 1) == "/" { if (name == "testcase") inside = 0; if (name == "testsuite") depth--; if (name == top && (top != "testsuite" || depth == 0)) closed = 1; next }
  name == "testsuite" {
    depth++; n = attribute($0, "tests"); if (n ~ /^[0-9]+$/ && depth == 1) announced += n; else if (depth == 1) untold = 1
    t = attribute($0, "timestamp"); if (t ~ /^[0-9T:.Z+-]+$/) print "at=" t
    if ($0 ~ /\/>[ \t\r\n]*$/) { depth--; if (top == "testsuite" && depth == 0) closed = 1 }
  }
  name == "testsuites" && $0 ~ /\/>[ \t\r\n]*$/ { closed = 1 }
  name == "testcase" { cases++; inside = $0 ~ /\/>[ \t\r\n]*$/ ? 0 : 1; said = 0 }
  inside && !said && (name == "failure" || name == "error" || name == "skipped") { said = 1; count[name]++ }
  !inside && name == "error" { count["error"]++ }
  name == "property" && tolower(attribute($0, "name")) ~ /(^|[._-])(commit|sha|revision)$/ { v = attribute($0, "value"); if (v ~ /^[0-9a-f]+$/) print "named_commit=" v }
  END { if (!bad) print "report=" cases + 0 "|" count["failure"] + 0 "|" count["error"] + 0 "|" count["skipped"] + 0 "|" (untold ? "" : announced + 0) "|" (closed ? "yes" : "no") }' "$f" 2>/dev/null
done | sed 's/^bad=\(.*\)/!report=not-xml: it \1/'
