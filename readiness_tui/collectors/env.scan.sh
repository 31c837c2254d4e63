# shellcheck shell=sh
# about: Prints names, lengths and shapes of an environment file's variables; no value but those allowed.
# arguments: FILE NAMES
# root: cat {1}
# subject: env environment file
# $1 file, $2 comma list of names whose value may be shown (never a secret). Emits name, length, shape flags: no other values.
f=$1
if [ ! -e "$f" ] && gone "$f"; then kv env absent; exit 0; fi
t=$(rd "$f") || { root test -e "$f"; case $? in 0|77) cant env denied ;; *) kv env absent ;; esac; exit 0; }
kv env readable
printf '%s\n' "$t" | tr -d '\r' | awk -v show=",$2," '
function low(s){return tolower(s)}
/^[ \t]*([#;]|$)/{next}
{ line=$0; ex=""; sub(/^[ \t]+/,"",line); if (line ~ /^export[ \t]/){ex="export,"; sub(/^export[ \t]+/,"",line)}
  p=index(line,"="); if(!p){bad++; next}
  k=substr(line,1,p-1); sub(/[ \t]+$/,"",k); if (k !~ /^[A-Za-z_][A-Za-z0-9_]*$/){bad++; next}
  v=substr(line,p+1); sub(/^[ \t]+/,"",v); sub(/[ \t]+$/,"",v); q=substr(v,1,1)
  if ((q=="\"" || q=="\047") && length(v)>1 && substr(v,length(v),1)==q) v=substr(v,2,length(v)-2); else if (q=="\"" || q=="\047") ex=ex "unclosed-quote,"
  fl=ex; lv=low(v)
  if (v=="") fl=fl "empty,"
  if (lv ~ /^(change[-_ ]?me|replace|your[-_ ]|xxx|todo|fixme|example|placeholder|secret$|password$|test$|dummy|<.*>$|\$\{.*\}$|\.\.\.$)/ || lv ~ /(change_?me|your_.*_here|replace_?me|placeholder)/) fl=fl "placeholder,"
  if (v ~ /^sk_live_/) fl=fl "sk_live,"; if (v ~ /^pk_live_/) fl=fl "pk_live,"; if (v ~ /^[sp]k_test_/) fl=fl "paystack_test,"
  if (lv ~ /testnet|futurenet|test sdf/) fl=fl "testnet,"; if (lv ~ /localhost|127\.0\.0\.1|\[::1\]/) fl=fl "loopback,"
  if (v == "Public Global Stellar Network ; September 2015") fl=fl "public_passphrase,"
  c=0; if (v ~ /[a-z]/) c++; if (v ~ /[A-Z]/) c++; if (v ~ /[0-9]/) c++; if (v ~ /[^A-Za-z0-9]/) c++
  # a secret in the wrong variable stays hidden: a key, a URL with a password, a Stellar seed (S and 55 more)
  hide = (v ~ /^[sp]k_(live|test)_/ || v ~ /:\/\/.*@/ || (length(v)==56 && v ~ /^S[A-Z2-7]+$/))
  print "var=" k "|len " length(v) "|classes " c "|" fl ((index(show,"," k ",") && !hide) ? "|" substr(v,1,200) : "")
  n[k]++ }
END{for(k in n) if(n[k]>1) print "dup=" k; print "unparsed=" bad+0}'
