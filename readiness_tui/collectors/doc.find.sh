# shellcheck shell=sh
# about: Prints documents of a checkout by path or heading: words, unfinished marks, age, words named; no text leaves.
# arguments: CHECKOUT PATH-PATTERN HEADING-PATTERN OTHER-FILES WORD...
# after: repo.git
# example: /usr/share/base-files 'read-?me' install '[.]example$' make 'no|such'
# shellcheck disable=SC2154  # checkout and tracked are set by repo.git
# after repo.git: $2 ERE of a path, $3 ERE of a heading, $4 further files (ERE of their path) in which words count, $5... words to look for
#   searched=files looked at   doc=path|path or heading|words|unfinished marks|days since its last commit|prose or data
#   names=path|word, for each word that the document (whole, or the part under the heading) or a further file names
path=$2 heading=$3 others=$4; shift 4
now=$(date +%s)
if [ "$tracked" = yes ]; then l=$(git_ ls-files 2>/dev/null)
else l=$(find . -type f -not -path '*/.git/*' 2>/dev/null | sed 's|^\./||'); fi
l=$(printf '%s\n' "$l" | grep -vE '(^|/)(node_modules|vendor|third_party|target|dist|\.venv|\.github/(ISSUE|PULL_REQUEST)_TEMPLATE)(/|\.md$)|[|]')
age() { [ "$tracked" = yes ] || return 0; _t=$(git_ log -1 --format=%ct -- "$1" 2>/dev/null); [ -n "$_t" ] && echo $(( (now - _t) / 86400 )); }
# words, unfinished marks and named words of a text: headings of Markdown (# and underlined), AsciiDoc and reStructuredText; code blocks hold no headings or marks
reading='
function level(s) { match(s, /^[#=]+/); return RLENGTH }
function take(line,  m, i) {
  n += NF
  m = line; gsub(/`[^`]*`/, "", m)
  if (!fence && (m ~ /(^|[^A-Za-z])(TODO|TBD|FIXME|XXX)([^A-Za-z]|$)/ || tolower(m) ~ /(^|[^a-z])(todo|tbd|fixme):|lorem ipsum|\[your |<your[ -]/)) marks++
  for (i = 1; i <= want; i++) if (!named[i] && has(line, word[i])) named[i] = 1
}
function has(line, w,  at, from, b, a) {
  from = 1
  while ((at = index(substr(line, from), w)) > 0) {
    at += from - 1; b = at > 1 ? substr(line, at - 1, 1) : " "; a = substr(line, at + length(w), 1)
    if (b !~ /[A-Za-z0-9_]/ && (a == "" || a !~ /[A-Za-z0-9_]/)) return 1
    from = at + 1
  }
  return 0
}
function flush(  i) { if (whole || open) { if (!best || n > bn) { bn = n; bm = marks; best = 1; for (i = 1; i <= want; i++) bw[i] = named[i] } } }
function start(  i) { n = 0; marks = 0; for (i = 1; i <= want; i++) named[i] = 0 }
function head(text, lv) {
  if (whole) return
  if (open && lv <= at_level) { flush(); open = 0 }
  if (!open && tolower(text) ~ heading) { open = 1; at_level = lv; start() }
}
BEGIN { want = split(ENVIRON["WORDS"], word, "\n"); heading = tolower(ENVIRON["HEADING"]); start() }
{ sub(/\r$/, "") }
/^[ ]?[ ]?[ ]?(```|~~~)/ { fence = !fence }
!fence && /^(#+|=+)[ \t]/ { head($0, level($0)) }
!fence && /^(=+|-+|~+|\^+)[ \t]*$/ && prev ~ /[^ \t]/ && length($0) >= 3 { head(prev, substr($0, 1, 1) == "=" ? 1 : 2) }
{ if (whole || open) take($0); prev = $0 }
END { flush(); if (best) { print bn "|" bm; for (i = 1; i <= want; i++) if (bw[i]) print "names " word[i] } }'
words=$(printf '%s\n' "$@")
read_doc() { WORDS=$words HEADING=$heading awk -v whole="$1" "$reading" "$2" 2>/dev/null; }
prose=$(printf '%s\n' "$l" | grep -iE '\.(md|markdown|adoc|asciidoc|rst|txt|org)$|(^|/)(readme|runbook|contacts?)$')
data=$(printf '%s\n' "$l" | grep -iE '\.(ya?ml|json|svg|png|jpe?g|pdf|drawio|puml|plantuml|mmd|dot|dbml|excalidraw|html?)$')
kv searched "$(printf '%s\n%s\n' "$prose" "$data" | grep -c .)"
printf '%s\n' "$prose" | while IFS= read -r f; do
  [ -f "$f" ] || continue
  if printf '%s\n' "$f" | grep -qiE "$path"; then why=path; o=$(read_doc 1 "$f")
  else why=heading; o=$(read_doc '' "$f"); fi
  [ -n "$o" ] || continue
  kv doc "$f|$why|$(printf '%s\n' "$o" | head -1)|$(age "$f")|prose"
  printf '%s\n' "$o" | sed -n "s|^names |names=$(printf '%s' "$f" | sed 's/[&\\|]/\\&/g')\||p"
done
printf '%s\n' "$data" | grep -iE "$path" | while IFS= read -r f; do
  [ -s "$f" ] || continue
  # a YAML or JSON file counts only when it says that it describes an interface
  case $f in *.yml|*.yaml|*.json|*.YML|*.YAML|*.JSON) head -c 4000 "$f" | grep -qE '(^|[{,])[[:space:]]*"?(openapi|swagger|asyncapi)"?[[:space:]]*:' || continue ;; esac
  kv doc "$f|path|0|0|$(age "$f")|data"
done
# a diagram inside a document
[ -z "$heading" ] || printf '%s\n' "$prose" | while IFS= read -r f; do
  [ -f "$f" ] && grep -qE '^[[:space:]]*(```|~~~)(mermaid|plantuml|dot)' "$f" 2>/dev/null && kv diagram "$f"
done
[ -z "$others" ] || printf '%s\n' "$l" | grep -E "$others" | while IFS= read -r f; do
  [ -f "$f" ] || continue
  read_doc 1 "$f" | sed -n "s|^names |names=$(printf '%s' "$f" | sed 's/[&\\|]/\\&/g')\||p"
done; :
